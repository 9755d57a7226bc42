#include "packager/oci/auth.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace ecc {
namespace {

std::string actions(Access access) {
    switch (access) {
    case Access::push:
        return "pull,push";
    case Access::remove:
        return "delete,pull";
    case Access::pull:
        break;
    }
    return "pull";
}

std::string joined(const std::vector<std::filesystem::path>& files) {
    std::string text;
    for (const auto& file : files)
        text += (text.empty() ? "" : ", ") + file.string();
    return text;
}

const Challenge* find_challenge(const std::vector<Challenge>& challenges, std::string_view scheme) {
    auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
    return found == challenges.end() ? nullptr : &*found;
}

} // namespace

Authorizer::Authorizer(AuthTarget target, std::vector<std::filesystem::path> files)
    : target_(std::move(target)), files_(std::move(files)) {
    if (!target_.repository.empty())
        scopes_ = fmt::format("repository:{}:{}", target_.repository, actions(target_.access));
}

std::string Authorizer::current() const {
    std::lock_guard lock(mutex_);
    return current_;
}

bool Authorizer::also(const std::string& scope) {
    std::lock_guard lock(mutex_);
    std::string merged = merge_scopes(also_, scope);
    if (narrow_ || merged == also_)
        return !narrow_;
    also_ = std::move(merged);
    if (current_.starts_with("Bearer "))
        current_.clear(); // it does not cover the new scope
    return true;
}

void Authorizer::use(Credentials credentials) {
    std::lock_guard lock(mutex_);
    credentials_ = std::move(credentials);
    loaded_ = true;
}

Error Authorizer::denied(const std::string& reason) const {
    if (target_.repository.empty())
        return {Fault::environment, target_.host, "login denied: " + reason,
                "check user and password; some registries want a token in place of the password"};
    const auto absent = absent_helpers(files_, target_.host);
    const std::string install = absent.empty() ? "" : fmt::format("install {}, or ", fmt::join(absent, "; "));
    return {
        Fault::environment, target_.host, fmt::format("access to {} denied: {}", target_.repository, reason),
        install +
            fmt::format(
                "log in with `ecc login {0}`, `podman login {0}`, `oras login {0}` or `docker login {0}`; "
                "credentials are looked for in {1}, and with the helpers that those name",
                target_.host, joined(files_))};
}

Result<void> Authorizer::load_credentials() {
    if (!loaded_) {
        ECC_TRY(credentials_, find_credentials(files_, target_.host, target_.repository));
    }
    loaded_ = true;
    return {};
}

Result<std::string> Authorizer::answer_basic() {
    if (!credentials_)
        return std::unexpected(denied("a login is needed"));
    if (credentials_->basic.empty())
        return std::unexpected(denied("it asks for user and password, and there is only a token"));
    return "Basic " + credentials_->basic;
}

Result<std::string> Authorizer::answer_registry_token(const std::string& used) {
    std::string token = "Bearer " + credentials_->registry_token;
    if (used == token)
        return std::unexpected(denied("the registry token is not accepted"));
    return token;
}

Result<std::string> Authorizer::answer_bearer(HttpClient& http, const HttpReply& unauthorized,
                                              const Challenge& challenge) {
    auto asked = challenge.parameters.find("scope");
    TokenQuestion question{.challenge = challenge, .registry = unauthorized.url, .credentials = credentials_};
    question.scopes =
        merge_scopes(asked == challenge.parameters.end() ? "" : asked->second, scopes_ + " " + also_);
    auto given = fetch_token(http, question);
    if (!(given && *given) && !also_.empty()) {
        also_.clear();
        narrow_ = true;
        question.scopes = scopes_;
        given = fetch_token(http, question);
    }
    ECC_TRY(auto token, std::move(given));
    if (!token)
        return std::unexpected(denied(credentials_ ? "the login is not accepted, or may not do this"
                                                   : "the registry gives no token without a login"));
    return *token;
}

Result<std::string> Authorizer::answer(HttpClient& http, const HttpReply& unauthorized,
                                       const std::string& used) {
    std::vector<Challenge> challenges;
    for (const std::string& header : unauthorized.all_headers("www-authenticate"))
        std::ranges::move(parse_challenges(header), std::back_inserter(challenges));
    std::lock_guard lock(mutex_);
    if (!current_.empty() && current_ != used)
        return current_; // another thread was asked before
    ECC_CHECK(load_credentials());
    if (const Challenge* bearer = find_challenge(challenges, "bearer")) {
        const bool ready = credentials_ && !credentials_->registry_token.empty();
        ECC_TRY(current_, ready ? answer_registry_token(used) : answer_bearer(http, unauthorized, *bearer));
    } else if (find_challenge(challenges, "basic")) {
        ECC_TRY(current_, answer_basic());
    } else {
        return std::unexpected(denied("it offers no way to log in that ecc knows"));
    }
    return current_;
}

} // namespace ecc
