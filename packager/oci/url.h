// URLs as registries and remotes of git write them: taken apart, resolved against each other, compared by
// origin (RFC 3986, RFC 6454).
#pragma once

#include "support/result.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ecc {

struct Url {
    std::string text; ///< the whole
    std::string scheme;
    std::string host; ///< IPv6 in brackets
    std::string port; ///< the scheme's default if none was written

    bool same_origin(const Url& other) const {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
    /// As certs.d and people name it: without the scheme's usual port.
    std::string host_and_port() const {
        return port == (scheme == "https" ? "443" : "80") ? host : host + ":" + port;
    }
    /// "https://HOST:PORT", for errors.
    std::string origin() const { return scheme + "://" + host + ":" + port; }
};

/// An absolute http or https URL without user name; anything else is an environment error, for it comes from
/// a server.
Result<Url> parse_url(const std::string& text);

/// `location`, absolute or relative, as seen from `base`.
Result<Url> resolve_url(const Url& base, const std::string& location);

/// All but letters, digits and "-._~" as %XX (RFC 3986, 2.1).
std::string percent_encoded(const std::string& text);

/// What everybody may see of a URL of https, http or ssh: no login, query or fragment; https in place of ssh,
/// without the port, which is ssh's too. Nothing for any other text.
std::optional<std::string> public_url(const std::string& text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// `base` with the parameters appended to its query, encoded.
Result<Url> with_query(const Url& base, const QueryParameters& parameters);

/// The parameters as the body of a form: "a=1&b=x%20y".
std::string form_encoded(const QueryParameters& parameters);

} // namespace ecc
