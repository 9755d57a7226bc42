// The global variables of a data section as the members of a struct.
#pragma once

#include "skelgen/binding_model.h"

namespace ecc {

/// The section whose variables can be reached through that map's memory, or null.
const DataSection* section_of(const BpfObject& object, const BpfMap& map);

/// Static variables belong to their file and become padding. The struct has at least `min_size` bytes. An
/// input error if two variables overlap.
Result<RecordLayout> section_layout(const BindingModel& model, const DataSection& section,
                                    std::uint64_t min_size = 0);

} // namespace ecc
