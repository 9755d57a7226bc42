// Whether one user part can serve two objects, such as those of two architectures. In: the BindingModel of
// each. Out: the first program, map, global or member that is not the same.
#pragma once

#include "skelgen/binding_model.h"

#include <optional>

namespace ecc {

struct ModelOf {
    const BindingModel& model;
    std::string_view name; ///< "x86"
};

/// What the user part would find different, with the names, or nothing.
std::optional<std::string> model_difference(const ModelOf& one, const ModelOf& other);

} // namespace ecc
