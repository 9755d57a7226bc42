// The proxy that environment variables name, as libcurl and Go's programs read them. Which hosts are spoken
// to without it (no_proxy, NO_PROXY) libcurl decides.
#pragma once

#include "packager/oci/url.h"
#include "support/result.h"

#include <functional>
#include <optional>
#include <string>

namespace ecc {

struct HttpProxy {
    std::string variable; ///< "https_proxy"
    std::string value;    ///< what it says, which may have a password in it
    std::string place;    ///< "proxy.corp:3128": without one
};

/// For URLs of this scheme; `variable` is as getenv(3).
std::optional<HttpProxy> find_proxy(std::string_view scheme,
                                    const std::function<const char*(const char*)>& variable);

/// For a proxy that refused to pass on what was meant for `url`.
Error refused_by_proxy(const HttpProxy& proxy, const Url& url, long status);

/// For a proxy that could not be reached.
Error no_such_proxy(const HttpProxy& proxy, const Url& url, std::string_view reason);

} // namespace ecc
