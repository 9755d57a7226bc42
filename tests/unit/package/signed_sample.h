// A package's manifest and signature in memory, as `ecc push`, `ecc sign` and `ecc pull --bundle` leave them.
#pragma once

#include "packager/package/signed_manifest.h"

namespace ecc::samples {

/// The image manifest of an artifact whose only layer is the package with this digest.
std::string manifest_of(const std::string& package_digest);

/// An index with one entry, for this manifest.
std::string index_of(const std::string& manifest);

SignedManifest signed_by(const PrivateKey& key, std::vector<std::string> manifests);

} // namespace ecc::samples
