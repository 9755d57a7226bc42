// A blob into a registry (distribution specification 1.1, "Pushing Blobs"): as one body, or in chunks if it
// is large, and after a failure from where the registry says it is.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

Result<void> upload_blob(RepositoryClient& client, const Descriptor& blob, const BlobSource& content,
                         const Progress& progress);

/// True if the registry took the blob over from another of its repositories.
Result<bool> mount_blob(RepositoryClient& client, const Descriptor& blob, const Reference& from);

Result<bool> has_blob(RepositoryClient& client, const Descriptor& blob);

} // namespace ecc
