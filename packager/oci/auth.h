// How a client proves who it is: challenges of RFC 9110 (11.6.1), Basic (RFC 7617), and the registry's bearer
// tokens (distribution, "Token Authentication Specification").
#pragma once

#include "packager/oci/credentials.h"
#include "packager/oci/http.h"

#include <map>

namespace ecc {

struct Challenge {
    std::string scheme;                            ///< in lower case
    std::map<std::string, std::string> parameters; ///< names in lower case
    bool operator==(const Challenge&) const = default;
};

/// All challenges of one WWW-Authenticate header; what is malformed is left out.
std::vector<Challenge> parse_challenges(std::string_view header);

/// Actions of several scopes on the same repository become one, sorted: "repository:a:pull" and
/// "repository:a:push" are "repository:a:pull,push".
std::string merge_scopes(std::string_view a, std::string_view b);

struct AuthTarget {
    std::string host; ///< as the user wrote it: the key of the credentials
    std::string repository;
    Access access = Access::pull;
};

/// The value of the Authorization header that answers a 401 reply. An environment error says where
/// credentials were looked for.
Result<std::string> authorize(HttpClient& http, const HttpReply& unauthorized, const AuthTarget& target,
                              const Environment& environment);

/// The error for a reply 401 or 403 to a request that had what `authorize` gave.
Error denied(const AuthTarget& target, const Environment& environment, const std::string& reason);

} // namespace ecc
