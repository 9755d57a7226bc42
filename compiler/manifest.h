// The package's manifest from the model of its kernel part. In: a BindingModel and how it was built. Out: the
// values of `ecc.package`, without dates or paths: the same inputs give the same manifest.
#pragma once

#include "compiler/build_inputs.h"
#include "packager/package/manifest.h"
#include "skelgen/binding_model.h"

namespace ecc {

Result<Manifest> make_manifest(const BindingModel& model, const BuildInputs& inputs, std::string btf_digest);

} // namespace ecc
