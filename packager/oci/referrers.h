// What refers to a manifest: signatures, documents, attestations (distribution specification 1.1, "Listing
// Referrers" and "Referrers Tag Schema"). A registry without that API has a tag named after the subject's
// digest instead, and its clients keep the index behind it.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

Result<std::vector<Descriptor>> list_referrers(RepositoryClient& client, const std::string& digest);

/// Adds the entry to the index behind the fall-back tag, beside what other clients add at the same time
/// (tag_revision.h).
Result<void> add_to_fallback(RepositoryClient& client, const std::string& subject, const Descriptor& entry);

Result<void> remove_from_fallback(RepositoryClient& client, const std::string& subject,
                                  const std::string& digest);

/// "sha256-<hex>"
std::string fallback_tag(const std::string& digest);

} // namespace ecc
