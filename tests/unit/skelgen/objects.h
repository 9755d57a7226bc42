// Objects and models for tests, compiled when the test runs.
#pragma once

#include "skelgen/binding_model.h"

namespace ecc::testing {

/// The text of tests/golden/NAME.
std::string golden_text(const std::string& name);

/// tests/golden/STEM.bpf.c as an object.
BpfObject golden_object(const std::string& stem);
BindingModel golden_model(const std::string& stem, Annotations annotations = {});

/// Source that comes after tests/golden/bpf_base.h.
Result<BpfObject> object_of(const std::string& source);
Result<BindingModel> model_of(const std::string& source, Annotations annotations = {});

} // namespace ecc::testing
