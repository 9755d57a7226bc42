// What a generated user part makes of a kernel part, as far as it is not plain from the model.
#pragma once

#include "skelgen/binding_model.h"

namespace ecc {

/// Whether its records are printed: a ring buffer or the buffers of perf events.
bool is_event_stream(const BpfMap& map);

/// SEC("iter/..."): the text that it writes is printed.
bool is_iterator(const BpfProgram& program);

/// Names of the `const volatile` globals that no flag can set, as their type has no form on a command line.
std::vector<std::string> fixed_constants(const BindingModel& model);

} // namespace ecc
