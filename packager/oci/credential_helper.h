// Programs docker-credential-NAME, which keep logins in a keychain (docker-credential-helpers,
// "Development"): a verb as argument, the server or a JSON document on standard input.
#pragma once

#include "support/result.h"

#include <chrono>
#include <optional>
#include <string>

namespace ecc {

struct HelperLogin {
    std::string user; ///< "<token>" if the secret is an identity token
    std::string secret;
};

bool is_helper_installed(const std::string& name);

/// After which a helper is killed: the keychain may ask its user.
inline constexpr std::chrono::milliseconds helper_patience = std::chrono::minutes(2);

/// Nothing if the keychain has no login for the server, or there is no such program. Errors quote nothing
/// that may be a secret.
Result<std::optional<HelperLogin>> get_from_helper(const std::string& name, const std::string& server,
                                                   std::chrono::milliseconds patience = helper_patience);

Result<void> store_in_helper(const std::string& name, const std::string& server, const HelperLogin& login);

/// False if there was none.
Result<bool> erase_from_helper(const std::string& name, const std::string& server);

} // namespace ecc
