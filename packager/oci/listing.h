// Lists that a registry gives out page by page (distribution specification 1.1, "Listing Tags" and "Listing
// Referrers"; the header Link of RFC 8288).
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// The target of rel="next" among the links of one header; empty if there is none.
std::string next_link(std::string_view header);

/// Sorted and without repetitions. An unknown repository has none.
Result<std::vector<std::string>> list_tags(RepositoryClient& client);

/// Calls `take` with one reply after the other, from `first` on, until one has no next page or `take` returns
/// false. An environment error if there are too many pages, or too much on them, or one leads to an earlier
/// one or to another host.
Result<void> for_each_page(RepositoryClient& client, HttpRequest first,
                           const std::function<Result<bool>(const HttpReply&)>& take);

} // namespace ecc
