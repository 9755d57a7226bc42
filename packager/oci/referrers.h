// What refers to a manifest: signatures, documents, attestations (distribution specification 1.1, "Listing
// Referrers" and "Referrers Tag Schema"). A registry without that API has a tag named after the subject's
// digest instead, and its clients keep the index behind it.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

Result<std::vector<Descriptor>> list_referrers(RepositoryClient& client, const std::string& digest);

/// Adds the entry to the index behind the fall-back tag. Registries know no conditional PUT, so the index is
/// read again afterwards, and written again if another client's change won.
Result<void> add_to_fallback(RepositoryClient& client, const std::string& subject, const Descriptor& entry);

Result<void> remove_from_fallback(RepositoryClient& client, const std::string& subject,
                                  const std::string& digest);

/// "sha256-<hex>"
std::string fallback_tag(const std::string& digest);

} // namespace ecc
