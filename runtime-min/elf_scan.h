// What the runtime must know of an object before libbpf loads it and that libbpf does not tell.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <set>

namespace ecc {

struct ElfScan {
    std::set<std::int32_t> helpers;  ///< BPF_FUNC_* that any instruction in any section calls
    bool calls_kernel_by_id = false; ///< calls a kernel function by a BTF id written into the instruction
    bool relocates_types = false;    ///< has CO-RE relocations, which need the running kernel's BTF
};

/// An input error if `elf` is no readable BPF object.
Result<ElfScan> scan_elf(ByteView elf, const std::string& where);

} // namespace ecc
