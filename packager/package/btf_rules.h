// What libbpf believes of an object's BTF and neither checks when it opens nor when it loads the object.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

struct btf;

namespace ecc {

/// An input error for what libbpf would copy, divide or write by without looking: types without an end
/// (typedefs, qualifiers and arrays in a circle), bitfields of what is no number, sections that list what is
/// no variable, variables of .kconfig without measure, and those of struct_ops sections whose members lie
/// outside their struct or are bitfields. `section` is what a section .BTF holds; nothing is said of what
/// libbpf does not read.
Result<> check_btf(ByteView section, const std::string& where);
/// Of a section that libbpf has read.
Result<> check_types(btf* types, const std::string& where);

} // namespace ecc
