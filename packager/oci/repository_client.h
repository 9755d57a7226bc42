// Requests to one repository of a registry: its address, its logins, and what it says when it refuses. Each
// request goes out without credentials first and again with them if the registry asks (auth.h). May be used
// from several threads.
#pragma once

#include "packager/oci/auth.h"
#include "packager/oci/store.h"

#include <set>

namespace ecc {

class RepositoryClient {
public:
    /// For a loopback host without `plain_http`, asks whether it speaks TLS; contacts no other host yet.
    static Result<std::unique_ptr<RepositoryClient>>
    open(const std::string& host, const std::string& repository, const StoreOptions& options);

    /// For HOST/v2/NAME/`path`; without a repository, for HOST/v2/.
    Result<HttpRequest> request(std::string method, const std::string& path) const;
    /// With the login, if the request goes to the registry itself. Only the registry's own 401 is answered,
    /// not that of a host that it redirects to.
    Result<HttpReply> send(HttpRequest request);
    /// What the registry says went wrong, as an error.
    Error failure(const std::string& doing, const HttpReply& reply) const;
    /// `location` as the reply named it; an environment error if a login or an upload should not go there.
    Result<Url> next(const HttpReply& reply, const std::string& location) const;

    /// HOST/NAME, for errors.
    std::string where() const { return target_.host + "/" + target_.repository; }
    const AuthTarget& target() const { return target_; }
    const HttpLimits& limits() const { return limits_; }
    Authorizer& authorizer() { return authorizer_; }

private:
    RepositoryClient(AuthTarget target, const StoreOptions& options);
    Result<void> choose_scheme(bool plain_http);
    void pass_warnings_on(const HttpReply& reply);
    std::optional<Url> elsewhere(const HttpReply& reply) const;
    Error refused_elsewhere(const HttpReply& reply, const Url& other, const std::string& refusal) const;

    AuthTarget target_;
    HttpLimits limits_;
    HttpClient http_;
    Authorizer authorizer_;
    Url base_; ///< https://HOST/
    Notice notice_;
    std::mutex mutex_;
    std::set<std::string> noticed_;
};

} // namespace ecc
