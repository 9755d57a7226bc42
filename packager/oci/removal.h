// Content out of a registry (distribution specification 1.1, "Content Management"), which may refuse that
// altogether.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// `path` is "manifests/DIGEST" or "blobs/DIGEST", `doing` what that is for errors. False if there was none.
Result<bool> remove_content(RepositoryClient& client, const std::string& path, const char* doing);

} // namespace ecc
