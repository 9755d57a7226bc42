// Bearer tokens of a registry's authorization service (distribution, "Token Authentication Specification" and
// "OAuth 2 Token Authentication").
#pragma once

#include "packager/oci/challenge.h"
#include "packager/oci/credentials.h"
#include "packager/oci/http.h"

namespace ecc {

struct TokenQuestion {
    Challenge challenge; ///< "bearer", with realm and service
    Url registry;        ///< who asked for it
    std::string scopes;  ///< merged, separated by spaces; may be empty
    std::optional<Credentials> credentials;
};

/// Whether it can be a header as it stands.
bool is_plain_token(std::string_view token);

/// The value of the Authorization header. Nothing if the service refuses; an environment error if it is out
/// of order, or its address is one to which no login may go.
Result<std::optional<std::string>> fetch_token(HttpClient& http, const TokenQuestion& question);

} // namespace ecc
