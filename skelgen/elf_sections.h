// The sections of an ELF file (hostile), bounds-checked by libelf.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <vector>

namespace ecc {

struct ElfSection {
    std::string_view name;
    bool executable = false;
    ByteView data; ///< empty for .bss
};

/// Views into `elf`. An input error if it is not a whole 64-bit little-endian ELF file.
Result<std::vector<ElfSection>> elf_sections(ByteView elf, const std::string& where);

/// The same of a relocatable object for BPF and no other file.
Result<std::vector<ElfSection>> bpf_elf_sections(ByteView elf, const std::string& where);

} // namespace ecc
