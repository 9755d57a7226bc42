// An artifact's signatures to take along, for where there is no registry. In: what was found in a store. Out:
// what packager/package/signed_manifest.h checks.
#pragma once

#include "packager/oci/artifact_module.h"
#include "packager/package/signed_manifest.h"

#include <optional>

namespace ecc {

/// The signatures of the manifest, those by the key first, as many as ecc-run takes; `notice` is told if
/// there are others. An input error if none of the kind that cosign 3 makes is there, which is the one that
/// can be taken along. Who signed is not checked.
Result<SignedManifest> fetch_signed_manifest(Store& store, const Reference& reference,
                                             const FoundArtifact& found, const std::optional<PublicKey>& key,
                                             const Notice& notice);

} // namespace ecc
