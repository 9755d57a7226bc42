// The record types of an object whose source is not at hand.
#pragma once

#include "skelgen/bpf_object.h"

namespace ecc {

/// The structs, unions and typedefs of them that the object's BTF has although nothing in the object refers
/// to them: `ecc` puts the types of records there (compiler/analysis/type_retention.h), and nothing else
/// does. Which map they travel through is not known. A type that a CO-RE relocation is about is the kernel's.
std::vector<TypeId> retained_records(const BpfObject& object);

} // namespace ecc
