// What an object's programs call once libbpf has filled in its relocations. Permissions follow from the
// object's ELF; relocations change instructions, and a crafted one could make another call of them.
#pragma once

#include "packager/package/object_facts.h"
#include "support/result.h"

struct bpf_object;

namespace ecc {

/// Of an object that libbpf has prepared and not loaded. An input error if a program calls a helper or a
/// function of the kernel that `facts`, which were read from its ELF, do not have. Functions of modules go by
/// object_rules.h alone: their names are not known here.
Result<> check_relocated_calls(const bpf_object* object, const ObjectFacts& facts);

} // namespace ecc
