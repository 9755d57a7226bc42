#include "packager/oci/repository_client.h"

#include "packager/json.h"
#include "support/diagnostics.h"

#include <cstdlib>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_shown_reply = 300;
constexpr std::size_t max_warnings = 10;

const char* variable(const char* name) {
    return std::getenv(name);
}

std::string api_host(const std::string& host) {
    return host == "docker.io" ? "registry-1.docker.io" : host;
}

/// {"errors":[{"code","message"}]} if the reply has it, else the beginning of its text.
std::string explanation(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (document.is_object() && document.contains("errors") && document["errors"].is_array())
        for (const auto& error : document["errors"])
            if (error.is_object())
                return printable_line(
                    fmt::format("{} ({})", string_at(error, "message"), string_at(error, "code")));
    return printable_line(reply.body.substr(0, max_shown_reply));
}

HttpOptions http_options(const StoreOptions& options) {
    return {.plain_http = options.plain_http,
            .tls = {.verify = !options.insecure,
                    .ca_file = options.ca_file,
                    .folders = certificate_folders(variable("HOME"))},
            .limits = options.limits};
}

std::vector<std::filesystem::path> login_files(const StoreOptions& options) {
    if (!options.registry_config.empty())
        return {options.registry_config};
    return credential_files(variable);
}

} // namespace

RepositoryClient::RepositoryClient(AuthTarget target, const StoreOptions& options)
    : target_(std::move(target)), limits_(options.limits), http_(http_options(options)),
      authorizer_(target_, login_files(options)), notice_(options.notice) {}

Result<std::unique_ptr<RepositoryClient>>
RepositoryClient::open(const std::string& host, const std::string& repository, const StoreOptions& options) {
    std::unique_ptr<RepositoryClient> client(
        new RepositoryClient({host, repository, options.access}, options));
    ECC_CHECK(client->choose_scheme(options.plain_http));
    return client;
}

Result<void> RepositoryClient::choose_scheme(bool plain_http) {
    const std::string host = api_host(target_.host);
    ECC_TRY(base_, parse_url(fmt::format("https://{}/", host)));
    bool tls = !plain_http;
    if (tls && is_loopback(host)) {
        ECC_TRY(tls, http_.speaks_tls(base_));
    }
    if (!tls) {
        ECC_TRY(base_, parse_url(fmt::format("http://{}/", host)));
    }
    return {};
}

Result<HttpRequest> RepositoryClient::request(std::string method, const std::string& path) const {
    HttpRequest request{.method = std::move(method)};
    const std::string name = target_.repository.empty() ? "" : target_.repository + "/";
    ECC_TRY(request.url, parse_url(fmt::format("{}v2/{}{}", base_.text, name, path)));
    return request;
}

Result<HttpReply> RepositoryClient::send(HttpRequest request) {
    const bool ours =
        request.url.same_origin(base_); // an upload may be sent elsewhere; our login is not for there
    if (ours)
        request.authorization = authorizer_.current();
    ECC_TRY(auto reply, http_.send(request));
    // whoever the registry redirects to may not ask for the login, and names no token server or scope
    if (reply.status == 401 && ours && reply.url.same_origin(base_)) {
        ECC_TRY(request.authorization, authorizer_.answer(http_, reply, request.authorization));
        ECC_TRY(reply, http_.send(std::move(request)));
    }
    pass_warnings_on(reply);
    return reply;
}

/// Warning: 299 - "text" (distribution specification 1.1, "Warnings"), each once.
void RepositoryClient::pass_warnings_on(const HttpReply& reply) {
    for (const std::string& warning : reply.all_headers("warning")) {
        const auto start = warning.find('"');
        if (!notice_ || !warning.starts_with("299 ") || start == warning.npos)
            continue;
        const std::string text = warning.substr(start + 1, warning.rfind('"') - start - 1);
        std::lock_guard lock(mutex_);
        if (noticed_.size() < max_warnings && noticed_.insert(text).second)
            notice_(text);
    }
}

/// Another origin that a refusal is from, or names; nothing if it is the registry's own.
std::optional<Url> RepositoryClient::elsewhere(const HttpReply& reply) const {
    const bool redirects = reply.status >= 300 && reply.status < 400;
    const auto target = redirects ? resolve_url(reply.url, reply.header("location")) : Result<Url>(reply.url);
    if (reply.ok() || !target || target->same_origin(base_))
        return std::nullopt;
    return *target;
}

Error RepositoryClient::failure(const std::string& doing, const HttpReply& reply) const {
    const std::string reason = explanation(reply);
    const std::string refusal = fmt::format("answers {} when asked to {}{}{}", reply.status, doing,
                                            reason.empty() ? "" : ": ", reason);
    if (const auto other = elsewhere(reply))
        return refused_elsewhere(reply, *other, refusal);
    if (reply.status == 401 || reply.status == 403)
        return authorizer_.denied(reason.empty() ? "the login is not accepted" : reason);
    std::string hint;
    if (std::string after = reply.header("retry-after"); reply.status == 429 && !after.empty())
        hint = fmt::format("try again after {}",
                           parse_retry_after(after) ? after + " (seconds, or that date)" : "a while");
    else if (reply.status >= 500 || reply.status == 429)
        hint = "try again later, or ask the registry's operator";
    else if (reply.ok())
        hint = "check the address: a registry answers otherwise, so this may be a web server or a proxy";
    return {Fault::environment, target_.host, "the registry " + refusal, std::move(hint)};
}

Error RepositoryClient::refused_elsewhere(const HttpReply& reply, const Url& other,
                                          const std::string& refusal) const {
    const bool is_it_with_tls = base_.scheme == "http" && other.scheme == "https" && other.host == base_.host;
    return {Fault::environment, target_.host,
            reply.url.same_origin(base_)
                ? fmt::format("the registry {}, and redirects to {}", refusal, other.origin())
                : fmt::format("the registry redirects to {}, which {}", other.origin(), refusal),
            is_it_with_tls
                ? fmt::format("name it as {}, without --plain-http: it has TLS there", other.host_and_port())
                : "try again later, or ask the registry's operator; logins are for the registry alone"};
}

Result<Url> RepositoryClient::next(const HttpReply& reply, const std::string& location) const {
    ECC_TRY(Url url, resolve_url(reply.url, location));
    if (base_.scheme == "https" && url.scheme == "http")
        return environment_error(target_.host, "sends requests on to a URL without TLS",
                                 "ask the registry's operator");
    return url;
}

} // namespace ecc
