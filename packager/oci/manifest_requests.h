// Manifests into and out of a registry (distribution specification 1.1, "Pulling manifests", "Pushing
// Manifests").
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// Nothing if there is no such tag or digest. A body that is not what the registry's own digest says is an
/// input error.
Result<std::optional<StoredManifest>> fetch_manifest(RepositoryClient& client, const std::string& selector);

/// True if the registry itself keeps the list of the subject's referrers (its header OCI-Subject says so).
Result<bool> store_manifest(RepositoryClient& client, const Descriptor& manifest, std::string_view text,
                            const std::string& selector);

/// False if there was none.
Result<bool> remove_manifest(RepositoryClient& client, const std::string& digest);

} // namespace ecc
