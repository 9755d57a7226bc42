// Which hosts are spoken to without a proxy, as curl and Go's programs read the variables no_proxy and
// NO_PROXY.
#pragma once

#include "packager/oci/url.h"

#include <string_view>

namespace ecc {

/// Whether `list`, with commas or spaces between its members, excepts the host of `url`:
///   *                            every host
///   corp.test .corp.test *.corp.test     the host of that name and all in that domain
///   10.1.2.3  ::1  [::1]         an address
///   10.0.0.0/8  fd00::/8         the addresses of a network (RFC 4632), if the URL has an address for a host
/// Names and addresses may end in :PORT. A member of no such shape excepts nothing.
bool is_excepted(std::string_view list, const Url& url);

} // namespace ecc
