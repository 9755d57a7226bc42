// A BPF object opened by way of trial. libelf and libbpf parse its ELF and BTF with the rights of this
// process and are no security boundary, so an object goes to them here only after the same bytes went through
// them in a child that can do nothing (confined_child.h).
#pragma once

#include "support/bytes.h"
#include "support/result.h"

namespace ecc {

/// An input error with libbpf's words if the object cannot be opened, or if opening it kills the child.
Result<> try_object(ByteView elf, const std::string& name);

} // namespace ecc
