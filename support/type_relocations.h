// The CO-RE relocations of a BPF object: where libbpf fits its instructions to the running kernel's types.
// They are the third part of the section .BTF.ext (the kernel's Documentation/bpf/btf.rst, "4.2 .BTF.ext
// section"; struct btf_ext_header of libbpf, struct bpf_core_relo of linux/bpf.h).
#pragma once

#include "support/bytes.h"

#include <linux/bpf.h>
#include <optional>
#include <vector>

namespace ecc {

struct TypeRelocation {
    std::uint32_t type = 0; ///< in the object's own BTF
    std::uint32_t access =
        0; ///< offset of a string of the object's BTF: "0:1:3", indexes of members and the like
    bpf_core_relo_kind kind{};
};

/// Of a section .BTF.ext; none if it is of a format without. Nothing if it is malformed, or of big-endian
/// order.
std::optional<std::vector<TypeRelocation>> read_type_relocations(ByteView section);

} // namespace ecc
