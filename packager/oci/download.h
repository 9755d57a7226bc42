// A blob out of a registry (distribution specification 1.1, "Pulling blobs"). What a broken connection left
// out is asked for with Range.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// The sink gets each byte once, in order.
Result<void> download_blob(RepositoryClient& client, const Descriptor& blob, const Sink& sink);

/// As the registry says it; an input error if it has no such blob.
Result<std::uint64_t> blob_size(RepositoryClient& client, const std::string& digest);

} // namespace ecc
