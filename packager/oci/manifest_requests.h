// Manifests into and out of a registry (distribution specification 1.1, "Pulling manifests", "Pushing
// Manifests").
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// Nothing if there is no such tag or digest. A body that is not what the registry's own digest says is an
/// input error.
Result<std::optional<StoredManifest>> fetch_manifest(RepositoryClient& client, const std::string& selector);

/// The same for a tag that is to be changed: what it was, so that no later change is replaced by ours.
struct TagVersion {
    std::optional<StoredManifest> manifest; ///< nothing: there was no such tag
    std::string etag; ///< what the registry calls this version; empty if it says nothing
};
Result<TagVersion> fetch_version(RepositoryClient& client, const std::string& tag);

/// Replaces that version (RFC 9110, 13.1: If-Match, If-None-Match); false if the registry says that it is the
/// tag's no more. Most registries know no conditions and replace any.
Result<bool> replace_version(RepositoryClient& client, const TagVersion& version,
                             const StoredManifest& manifest, const std::string& tag);

/// True if the registry itself keeps the list of the subject's referrers (its header OCI-Subject says so).
Result<bool> store_manifest(RepositoryClient& client, const Descriptor& manifest, std::string_view text,
                            const std::string& selector);

} // namespace ecc
