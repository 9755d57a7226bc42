// The types that a program's user part shares with its kernel part. In: a BindingModel. Out: what
// NAME.types.h and its like define.
#pragma once

#include "btfgen/type_selection.h"
#include "skelgen/binding_model.h"

namespace ecc {

/// The types of maps, globals and records, by reference to the model, with what the source says about them.
/// Unnamed records are named after the map or global that they belong to.
TypeRequest types_of_model(const BindingModel& model);

} // namespace ecc
