// Statements as cosign 1 and 2 store them (cosign, specs/ATTESTATION_SPEC.md): an image under the tag
// sha256-HEX.att with a layer for each statement, a DSSE envelope.
#pragma once

#include "packager/oci/bundle_referrers.h"

namespace ecc {

/// The envelopes about `subject` without those that call themselves of another type; nothing of them is
/// checked here. Bounds and errors are those of for_each_bundle.
Result<void> for_each_legacy_attestation(Store& store, const Reference& reference, const std::string& subject,
                                         std::string_view predicate_type, const BundleVisitor& visit);

} // namespace ecc
