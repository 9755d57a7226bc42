// How a client proves who it is: credentials in, the Authorization header that answers a 401 reply out; Basic
// (RFC 7617) or a bearer token (token.h).
#pragma once

#include "packager/oci/store.h"
#include "packager/oci/token.h"

namespace ecc {

struct AuthTarget {
    std::string host;       ///< as the user wrote it: the key of the credentials
    std::string repository; ///< empty: only the registry's front door
    Access access = Access::pull;
};

/// The logins for one repository and what they were exchanged for. May be used from several threads.
class Authorizer {
public:
    Authorizer(AuthTarget target, std::vector<std::filesystem::path> files);

    /// What the last answer was; empty before the first.
    std::string current() const;

    /// The value that answers `unauthorized`, whose request carried `used`. An environment error says where
    /// credentials were looked for.
    Result<std::string> answer(HttpClient& http, const HttpReply& unauthorized, const std::string& used);

    /// From now on tokens also cover this scope: "repository:other/tool:pull". False if the token service
    /// gave none for more than the repository itself; then they cover that alone.
    bool also(const std::string& scope);

    /// In place of what the files say.
    void use(Credentials credentials);

    /// The error for a reply 401 or 403 to a request that had what `answer` gave.
    Error denied(const std::string& reason) const;

private:
    Result<std::string> answer_basic();
    Result<std::string> answer_registry_token(const std::string& used);
    Result<std::string> answer_bearer(HttpClient& http, const HttpReply& unauthorized,
                                      const Challenge& challenge);
    Result<void> load_credentials();

    AuthTarget target_;
    std::vector<std::filesystem::path> files_;
    mutable std::mutex mutex_;
    bool loaded_ = false;
    std::optional<Credentials> credentials_;
    std::string scopes_;  ///< of the repository itself
    std::string also_;    ///< more of them, if the token service gives tokens for those, too
    bool narrow_ = false; ///< it does not
    std::string current_;
};

} // namespace ecc
