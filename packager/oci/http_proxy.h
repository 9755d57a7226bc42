// The proxy that environment variables name, as libcurl and Go's programs read them.
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
    std::string scheme;   ///< "http", "https" (TLS with the proxy itself), "socks5h"
    std::string place;    ///< "proxy.corp:3128": without a password

    /// One that is asked for tunnels by CONNECT (RFC 9110, 9.3.6).
    bool speaks_http() const { return scheme == "http" || scheme == "https"; }
};

/// For what is at `url`; none for loopback hosts and those that no_proxy lists. `variable` is as getenv(3).
std::optional<HttpProxy> find_proxy(const Url& url, const std::function<const char*(const char*)>& variable);

/// For a proxy that refused to pass on what was meant for `url`.
Error refused_by_proxy(const HttpProxy& proxy, const Url& url, long status);

/// For a proxy that could not be reached.
Error no_such_proxy(const HttpProxy& proxy, const Url& url, std::string_view reason);

/// For a proxy that was reached, and with which no TLS or no tunnel came about.
Error no_tunnel(const HttpProxy& proxy, const Url& url, std::string_view reason, std::string hint);

} // namespace ecc
