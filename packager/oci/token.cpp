#include "packager/oci/token.h"

#include "packager/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

std::string parameter(const Challenge& challenge, const char* name) {
    auto found = challenge.parameters.find(name);
    return found == challenge.parameters.end() ? std::string() : found->second;
}

Result<Url> realm_of(const TokenQuestion& question) {
    const std::string named = parameter(question.challenge, "realm");
    constexpr const char* hint = "ask the registry's operator";
    if (named.empty())
        return environment_error(
            question.registry.host,
            "wants a token and does not say where to get one: its answer 401 has no realm", hint);
    auto realm = parse_url(named);
    if (!realm)
        return environment_error(
            question.registry.host,
            fmt::format("\"{}\", where it says that tokens are, is not a URL of http or https",
                        realm.error().where),
            hint);
    if (question.registry.scheme == "https" && realm->scheme == "http")
        return environment_error(question.registry.host,
                                 fmt::format("sends logins to {}, which has no TLS", realm->text), hint);
    return realm;
}

/// With user name and password, or nobody's.
Result<HttpRequest> plain_request(const TokenQuestion& question, const Url& realm) {
    QueryParameters query;
    if (std::string service = parameter(question.challenge, "service"); !service.empty())
        query.emplace_back("service", service);
    for (const std::string& scope : split(question.scopes, ' '))
        query.emplace_back("scope", scope);
    HttpRequest request;
    ECC_TRY(request.url, with_query(realm, query));
    if (question.credentials)
        request.authorization = "Basic " + question.credentials->basic;
    return request;
}

/// With the token that a login left in place of a password.
HttpRequest refresh_request(const TokenQuestion& question, const Url& realm, std::string& form) {
    form = form_encoded({{"grant_type", "refresh_token"},
                         {"refresh_token", question.credentials->identity_token},
                         {"service", parameter(question.challenge, "service")},
                         {"client_id", "ecc"},
                         {"scope", question.scopes}});
    return {.method = "POST",
            .url = realm,
            .content_type = "application/x-www-form-urlencoded",
            .body = as_bytes(form),
            .secret_body = true};
}

/// A login goes to the realm alone, so whoever that redirects to asks in vain.
std::unexpected<Error> no_token(const TokenQuestion& question, const Url& realm, const HttpReply& reply) {
    const std::string where = question.registry.host;
    constexpr const char* hint = "ask the registry's operator; logins are for the token server that it names "
                                 "alone, and only redirects 307 and 308 keep a question with one";
    const std::string refusal = fmt::format("answers {} when asked for a token", reply.status);
    if (!reply.url.same_origin(realm))
        return environment_error(
            where, fmt::format("{} redirects to {}, which {}", realm.host, reply.url.origin(), refusal),
            hint);
    const bool redirects = reply.status >= 300 && reply.status < 400;
    return environment_error(where, fmt::format("{} {}", realm.host, refusal),
                             redirects ? hint : "try again later, or ask the registry's operator");
}

} // namespace

bool is_plain_token(std::string_view token) {
    return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<std::optional<std::string>> fetch_token(HttpClient& http, const TokenQuestion& question) {
    ECC_TRY(const Url realm, realm_of(question));
    std::string form;
    const bool refreshes = question.credentials && !question.credentials->identity_token.empty();
    ECC_TRY(auto request, refreshes ? Result<HttpRequest>(refresh_request(question, realm, form))
                                    : plain_request(question, realm));
    ECC_TRY(auto reply, http.send(std::move(request)));
    const bool refuses = reply.status == 400 || reply.status == 401 || reply.status == 403;
    if (refuses && (!question.credentials || reply.url.same_origin(realm)))
        return std::nullopt;
    if (!reply.ok())
        return no_token(question, realm, reply);
    const auto document = parse_json(reply.body);
    std::string token = string_at(document, "token");
    if (token.empty())
        token = string_at(document, "access_token");
    if (!is_plain_token(token))
        return environment_error(question.registry.host,
                                 fmt::format("the reply of {} holds no token", realm.host));
    return "Bearer " + token;
}

} // namespace ecc
