// What libbpf believes of an object's code and symbols and neither checks when it opens nor when it loads the
// object.
#pragma once

#include "packager/package/elf_scan.h"

namespace ecc {

/// An input error for a function that ends within an instruction of 16 bytes, of which libbpf would write the
/// second half when it fills in an address; for more functions, code or undefined symbols than any object has
/// use for; for CO-RE relocations whose members are no indexes; for jump tables; for calls of variables; and
/// for what check_btf refuses.
Result<> check_object(const ElfScan& scan, const std::string& where);

} // namespace ecc
