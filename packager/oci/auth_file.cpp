#include "packager/oci/auth_file.h"

#include "packager/json.h"
#include "packager/oci/folder_lock.h"
#include "support/base64.h"
#include "support/files.h"
#include "support/staged_file.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t max_file_size = 4u << 20;
constexpr int private_mode = 0600;

/// Indented with tabs, as docker and podman write it.
Result<void> replace_document(const fs::path& file, const json& document) {
    std::error_code ignored;
    const fs::path target = fs::is_symlink(file, ignored) ? fs::weakly_canonical(file, ignored) : file;
    ECC_TRY(auto staged, StagedFile::create(target, private_mode));
    const std::string text = document.dump(1, '\t', false, json::error_handler_t::replace) + "\n";
    ECC_CHECK(staged.write(as_bytes(text)));
    return staged.commit();
}

/// As docker makes ~/.docker. What fails shows when the folder is locked.
void create_private_folder(const fs::path& folder) {
    std::error_code ignored;
    fs::create_directories(folder.parent_path(), ignored);
    if (fs::create_directory(folder, ignored))
        fs::permissions(folder, fs::perms::owner_all, ignored);
}

bool knows(const json& document, const std::string& host) {
    const json auths = document.value("auths", json::object());
    return (auths.is_object() && auths.contains(credential_key(host))) || !helper_for(document, host).empty();
}

json entry_for(const HelperLogin& login) {
    if (login.user == "<token>")
        return {{"identitytoken", login.secret}};
    return {{"auth", to_base64(as_bytes(login.user + ":" + login.secret))}};
}

} // namespace

Result<json> read_auth_file(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return json::object();
    ECC_TRY(auto bytes, read_file(file, max_file_size));
    json document = bytes.empty() ? json::object() : parse_json(as_text(bytes));
    if (!document.is_object())
        return environment_error(
            file.string(),
            fmt::format("{}; expected the registry logins of docker or podman",
                        document.is_discarded() ? json_mistake(as_text(bytes)) : "is no JSON object"),
            "repair the file or move it away");
    return document;
}

std::string helper_for(const json& document, const std::string& host) {
    auto helpers = strings_at(document, "credHelpers");
    if (auto found = helpers.find(credential_key(host)); found != helpers.end())
        return found->second;
    return string_at(document, "credsStore");
}

Result<fs::path> login_file(const Environment& environment, const std::string& host) {
    const auto files = credential_files(environment);
    for (const fs::path& file : files) {
        ECC_TRY(auto document, read_auth_file(file));
        if (knows(document, host))
            return file;
    }
    if (const char* named = environment("REGISTRY_AUTH_FILE"); named && *named)
        return fs::path(named);
    if (files.empty())
        return environment_error("HOME", "is not set, so there is no place for a login",
                                 "name a file with --registry-config");
    return files.back(); // docker's is the last
}

Result<void> store_login(const fs::path& file, const std::string& host, const HelperLogin& login) {
    std::error_code error;
    const fs::path folder = fs::absolute(file, error).parent_path();
    create_private_folder(folder);
    ECC_TRY(auto lock, FolderLock::take(folder, file.string()));
    ECC_TRY(auto document, read_auth_file(file));
    const std::string helper = helper_for(document, host);
    if (!helper.empty() && !is_helper_installed(helper))
        return environment_error(
            file.string(),
            fmt::format("keeps logins with docker-credential-{}, which is not on PATH", helper),
            "install it, or take it out of this file");
    if (!helper.empty())
        return store_in_helper(helper, credential_key(host), login);
    if (!document.contains("auths") || !document["auths"].is_object())
        document["auths"] = json::object();
    document["auths"][credential_key(host)] = entry_for(login);
    return replace_document(file, document);
}

Result<bool> erase_login(const fs::path& file, const std::string& host) {
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return false;
    ECC_TRY(auto lock, FolderLock::take(fs::absolute(file, ignored).parent_path(), file.string()));
    ECC_TRY(auto document, read_auth_file(file));
    bool erased = false;
    if (std::string helper = helper_for(document, host); !helper.empty()) {
        ECC_TRY(erased, erase_from_helper(helper, credential_key(host)));
    }
    auto auths = document.find("auths");
    if (auths == document.end() || !auths->is_object() || auths->erase(credential_key(host)) == 0)
        return erased;
    ECC_CHECK(replace_document(file, document));
    return true;
}

} // namespace ecc
