// What an object's programs call and name once libbpf has filled in its relocations. Permissions and limits
// follow from the object's ELF; relocations change instructions, and a crafted one could make others of them.
#pragma once

#include "packager/package/object_facts.h"
#include "support/result.h"

struct bpf_object;

namespace ecc {

/// Of an object that libbpf has prepared and not loaded. An input error if a program calls a helper or a
/// function of the kernel, or reads a variable of the kernel, that `facts`, which were read from its ELF, do
/// not have, or names a map that is not the object's. Functions and variables of modules go by
/// object_rules.h alone: their names are not known here.
Result<> check_relocated_code(const bpf_object* object, const ObjectFacts& facts);

} // namespace ecc
