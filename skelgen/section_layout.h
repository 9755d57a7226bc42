// The global variables of a data section as the members of a struct.
#pragma once

#include "skelgen/binding_model.h"

namespace ecc {

/// The section whose variables are the value of that map; null if there is none, or none with a name.
const DataSection* section_of(const BpfObject& object, const BpfMap& map);

/// What has no name in skeletons becomes padding. The struct has at least `min_size` bytes, and if
/// `exact` no more than what its variables need, whatever their alignment. An input error if two variables
/// overlap.
Result<RecordLayout> section_layout(const BindingModel& model, const DataSection& section,
                                    std::uint64_t min_size = 0, bool exact = false);

} // namespace ecc
