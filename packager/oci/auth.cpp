#include "packager/oci/auth.h"

#include "packager/json.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_challenges = 16;

bool is_token_character(char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return text;
}

class ChallengeParser {
public:
    explicit ChallengeParser(std::string_view text) : text_(text) {}

    std::vector<Challenge> parse() {
        std::vector<Challenge> challenges;
        while (skip(" \t,"), !text_.empty() && challenges.size() <= max_challenges) {
            std::string word = lower_case(token());
            if (word.empty())
                break;
            skip(" \t");
            if (!text_.starts_with('='))
                challenges.push_back({word, {}});
            else if (!challenges.empty())
                challenges.back().parameters.emplace(word, value());
            else
                break;
        }
        return challenges;
    }

private:
    void skip(std::string_view characters) {
        text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
    }

    std::string token() {
        auto end = std::ranges::find_if_not(text_, is_token_character);
        std::string taken(text_.begin(), end);
        text_.remove_prefix(taken.size());
        return taken;
    }

    std::string value() {
        text_.remove_prefix(1);
        skip(" \t");
        return text_.starts_with('"') ? quoted() : token();
    }

    std::string quoted() {
        std::string content;
        std::size_t i = 1;
        for (; i < text_.size() && text_[i] != '"'; i++) {
            if (text_[i] == '\\' && i + 1 < text_.size())
                i++;
            content += text_[i];
        }
        text_.remove_prefix(std::min(i + 1, text_.size()));
        return content;
    }

    std::string_view text_;
};

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string joined_files(const Environment& environment) {
    std::string text;
    for (const auto& file : credential_files(environment))
        text += (text.empty() ? "" : ", ") + file.string();
    return text;
}

/// A token becomes a header as it stands.
bool is_plain_token(std::string_view token) {
    return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string wanted_scope(const AuthTarget& target) {
    return fmt::format("repository:{}:{}", target.repository,
                       target.access == Access::push ? "pull,push" : "pull");
}

Result<HttpRequest> token_request(const Challenge& challenge, const HttpReply& unauthorized,
                                  const AuthTarget& target, const std::optional<Credentials>& credentials) {
    auto parameter = [&](const char* name) {
        auto found = challenge.parameters.find(name);
        return found == challenge.parameters.end() ? std::string() : found->second;
    };
    ECC_TRY(Url realm, parse_url(parameter("realm")));
    if (unauthorized.url.scheme == "https" && realm.scheme == "http")
        return environment_error(target.host, fmt::format("sends logins to {}, which has no TLS", realm.text),
                                 "ask the registry's operator");
    QueryParameters query;
    if (std::string service = parameter("service"); !service.empty())
        query.emplace_back("service", service);
    for (const std::string& scope : split(merge_scopes(parameter("scope"), wanted_scope(target)), ' '))
        query.emplace_back("scope", scope);
    HttpRequest request;
    ECC_TRY(request.url, with_query(realm, query));
    if (credentials)
        request.authorization = "Basic " + credentials->basic;
    return request;
}

Result<std::string> fetch_token(HttpClient& http, const HttpRequest& request, const AuthTarget& target,
                                const Environment& environment) {
    ECC_TRY(auto reply, http.send(request));
    if (reply.status == 401 || reply.status == 403)
        return std::unexpected(
            denied(target, environment, fmt::format("{} gives no token", request.url.host)));
    if (!reply.ok())
        return environment_error(
            target.host, fmt::format("{} answers {} when asked for a token", request.url.host, reply.status));
    const auto document = parse_json(reply.body);
    std::string token = string_at(document, "token");
    if (token.empty())
        token = string_at(document, "access_token");
    if (!is_plain_token(token))
        return environment_error(target.host,
                                 fmt::format("the reply of {} holds no token", request.url.host));
    return "Bearer " + token;
}

} // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
    return ChallengeParser(header).parse();
}

std::string merge_scopes(std::string_view a, std::string_view b) {
    std::map<std::string, std::set<std::string>> actions; // by "repository:name"
    for (std::string_view scopes : {a, b})
        for (const std::string& scope : split(scopes, ' '))
            if (auto colon = scope.rfind(':'); colon != scope.npos)
                for (std::string& action : split(std::string_view(scope).substr(colon + 1), ','))
                    actions[scope.substr(0, colon)].insert(std::move(action));
    std::string merged;
    for (const auto& [resource, names] : actions) {
        merged += (merged.empty() ? "" : " ") + resource;
        for (const std::string& name : names)
            merged += (name == *names.begin() ? ":" : ",") + name;
    }
    return merged;
}

Error denied(const AuthTarget& target, const Environment& environment, const std::string& reason) {
    return {
        Fault::environment, target.host, fmt::format("access to {} denied: {}", target.repository, reason),
        fmt::format(
            "log in with `podman login {0}`, `oras login {0}` or `docker login {0}`; credentials are looked "
            "for in the section auths of {1}",
            target.host, joined_files(environment))};
}

Result<std::string> authorize(HttpClient& http, const HttpReply& unauthorized, const AuthTarget& target,
                              const Environment& environment) {
    std::vector<Challenge> challenges;
    for (const std::string& header : unauthorized.all_headers("www-authenticate"))
        std::ranges::move(parse_challenges(header), std::back_inserter(challenges));
    ECC_TRY(auto credentials,
            find_credentials(credential_files(environment), target.host, target.repository));

    if (auto bearer = std::ranges::find(challenges, "bearer", &Challenge::scheme);
        bearer != challenges.end()) {
        ECC_TRY(auto request, token_request(*bearer, unauthorized, target, credentials));
        return fetch_token(http, request, target, environment);
    }
    if (std::ranges::find(challenges, "basic", &Challenge::scheme) == challenges.end())
        return std::unexpected(denied(target, environment, "it offers no way to log in that ecc knows"));
    if (!credentials)
        return std::unexpected(denied(target, environment, "a login is needed"));
    return "Basic " + credentials->basic;
}

} // namespace ecc
