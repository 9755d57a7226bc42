// The files with logins, as `ecc login` and `ecc logout` change them: everything else in them stays, the new
// file replaces the old one at once, and nobody but its owner may read it.
#pragma once

#include "packager/oci/credential_helper.h"
#include "packager/oci/credentials.h"

#include <nlohmann/json.hpp>

namespace ecc {

/// Where a new login goes: the file that already has one for the host, else $REGISTRY_AUTH_FILE, else
/// docker's.
Result<std::filesystem::path> login_file(const Environment& environment, const std::string& host);

/// Into the helper that the file names for the host, or into its section `auths`.
Result<void> store_login(const std::filesystem::path& file, const std::string& host,
                         const HelperLogin& login);

/// False if there was none.
Result<bool> erase_login(const std::filesystem::path& file, const std::string& host);

/// The document of such a file; an empty one if there is no file.
Result<nlohmann::json> read_auth_file(const std::filesystem::path& file);

/// The helper that the document of such a file names for the host; empty if it names none.
std::string helper_for(const nlohmann::json& document, const std::string& host);

} // namespace ecc
