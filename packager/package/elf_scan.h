// What must be known of a BPF object before it is loaded and libbpf does not tell.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ecc {

struct ElfScan {
    std::set<std::int32_t> helpers;  ///< BPF_FUNC_* that any instruction in any section calls
    bool calls_kernel_by_id = false; ///< calls a kernel function by a BTF id written into the instruction
    bool relocates_types = false;    ///< has CO-RE relocations, which need the running kernel's BTF
    bool has_jump_tables = false;    ///< a section .jumptables
    std::size_t externs = 0;         ///< symbols that the object does not define
    std::set<std::string, std::less<>> called_externs; ///< those of them that an instruction calls
    std::vector<ByteView> functions; ///< the instructions of every function symbol, parts of the ELF
    std::vector<ByteView> btf;       ///< every section .BTF: parts of the ELF
    std::vector<ByteView> btf_ext;   ///< every section .BTF.ext: parts of the ELF
};

/// An input error if `elf` is no readable BPF object.
Result<ElfScan> scan_elf(ByteView elf, const std::string& where);

} // namespace ecc
