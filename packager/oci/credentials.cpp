#include "packager/oci/credentials.h"

#include "packager/json.h"
#include "packager/oci/auth_file.h"
#include "packager/oci/token.h"
#include "support/base64.h"
#include "support/files.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// It becomes a header as it stands, so nothing else may be in it.
bool is_base64(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/' || c == '=';
    });
}

/// "host/a/b", "host/a", "host", and the names that old files use.
std::vector<std::string> keys_for(const std::string& host, const std::string& repository) {
    std::vector<std::string> keys;
    for (std::string key = host + "/" + repository; key.size() > host.size(); key.resize(key.rfind('/')))
        keys.push_back(key);
    keys.insert(keys.end(), {host, "https://" + host, "https://" + host + "/", "https://" + host + "/v1/",
                             "https://" + host + "/v2/", "http://" + host});
    keys.push_back(credential_key(host));
    return keys;
}

std::string basic_of(const json& entry) {
    if (std::string encoded = string_at(entry, "auth"); !encoded.empty())
        return encoded;
    std::string user = string_at(entry, "username");
    return user.empty() ? user : to_base64(as_bytes(user + ":" + string_at(entry, "password")));
}

Credentials from_helper(const HelperLogin& login, const fs::path& file) {
    if (login.user == "<token>")
        return {.identity_token = login.secret, .source = file};
    return {.basic = to_base64(as_bytes(login.user + ":" + login.secret)), .source = file};
}

Result<std::optional<Credentials>> find_in_file(const fs::path& file, const std::string& host,
                                                const std::vector<std::string>& keys) {
    ECC_TRY(const auto document, read_auth_file(file));
    if (std::string helper = helper_for(document, host); !helper.empty()) {
        ECC_TRY(auto login, get_from_helper(helper, credential_key(host)));
        if (login)
            return from_helper(*login, file);
    }
    const json auths = document.value("auths", json::object());
    for (const std::string& key : keys) {
        auto entry = auths.is_object() ? auths.find(key) : auths.end();
        if (entry == auths.end() || !entry->is_object())
            continue;
        std::string basic = basic_of(*entry);
        if (!is_base64(basic))
            return environment_error(file.string(), fmt::format("auths[\"{}\"].auth is not base64", key),
                                     "log in again");
        std::string token = string_at(*entry, "identitytoken");
        std::string registry_token = string_at(*entry, "registrytoken");
        if (!registry_token.empty() && !is_plain_token(registry_token))
            return environment_error(
                file.string(), fmt::format("auths[\"{}\"].registrytoken is no token", key), "log in again");
        if (!basic.empty() || !token.empty() || !registry_token.empty())
            return Credentials{std::move(basic), std::move(token), std::move(registry_token), file};
    }
    return std::nullopt;
}

} // namespace

std::string credential_key(const std::string& host) {
    return host == "docker.io" ? "https://index.docker.io/v1/" : host;
}

std::vector<fs::path> credential_files(const Environment& environment) {
    auto folder = [&](const char* name) -> std::optional<fs::path> {
        const char* value = environment(name);
        return value && *value ? std::optional<fs::path>(value) : std::nullopt;
    };
    const auto home = folder("HOME");
    std::vector<fs::path> files;
    if (auto file = folder("REGISTRY_AUTH_FILE"))
        files.push_back(*file);
    if (auto runtime = folder("XDG_RUNTIME_DIR"))
        files.push_back(*runtime / "containers/auth.json");
    if (auto config = folder("XDG_CONFIG_HOME"))
        files.push_back(*config / "containers/auth.json");
    else if (home)
        files.push_back(*home / ".config/containers/auth.json");
    if (auto docker = folder("DOCKER_CONFIG"))
        files.push_back(*docker / "config.json");
    else if (home)
        files.push_back(*home / ".docker/config.json");
    return files;
}

Result<std::optional<Credentials>> find_credentials(const std::vector<fs::path>& files,
                                                    const std::string& host, const std::string& repository) {
    const auto keys = keys_for(host, repository);
    for (const fs::path& file : files) {
        ECC_TRY(auto found, find_in_file(file, host, keys));
        if (found)
            return found;
    }
    return std::nullopt;
}

std::vector<std::string> absent_helpers(const std::vector<fs::path>& files, const std::string& host) {
    std::vector<std::string> absent;
    for (const fs::path& file : files) {
        const auto document = read_auth_file(file);
        const std::string helper = document ? helper_for(*document, host) : "";
        if (!helper.empty() && !is_helper_installed(helper))
            absent.push_back(fmt::format("docker-credential-{}, which {} names", helper, file.string()));
    }
    return absent;
}

} // namespace ecc
