// What libbpf believes of an object's BTF and neither checks when it opens nor when it loads the object.
#pragma once

#include "packager/package/elf_scan.h"

namespace ecc {

/// An input error for types without an end (typedefs and qualifiers in a circle) and for the variables of
/// struct_ops sections whose members lie outside their struct, which libbpf would copy to and from, or are
/// bitfields.
Result<> check_btf(const ElfScan& scan, const std::string& where);

} // namespace ecc
