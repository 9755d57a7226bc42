// User names and passwords that `docker login`, `podman login`, `oras login` and `ecc login` left behind: in
// the section `auths` of their configuration files (containers-auth.json(5)), or with the credential helpers
// that those files name.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecc {

struct Credentials {
    std::string basic;          ///< base64 of "user:password", as the Basic scheme sends it (RFC 7617)
    std::string identity_token; ///< in place of them: for the token service only
    std::string registry_token; ///< in place of both: for the registry as it is
    std::filesystem::path source;
};

/// As getenv(3).
using Environment = std::function<const char*(const char*)>;

/// The files that may hold credentials, in the order in which they are asked.
std::vector<std::filesystem::path> credential_files(const Environment& environment);

/// The first entry for "host/repository", a prefix of that, or the host. Nothing if no file and no helper has
/// one; an environment error if a file is unreadable or malformed, or a helper fails.
Result<std::optional<Credentials>> find_credentials(const std::vector<std::filesystem::path>& files,
                                                    const std::string& host, const std::string& repository);

/// The helpers for the host that these files name and that are not on PATH: "docker-credential-NAME, which
/// FILE names".
std::vector<std::string> absent_helpers(const std::vector<std::filesystem::path>& files,
                                        const std::string& host);

/// The name under which helpers and `auths` know the host: Docker Hub has one of its own.
std::string credential_key(const std::string& host);

} // namespace ecc
