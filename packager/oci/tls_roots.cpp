#include "packager/oci/tls_roots.h"

#include "support/files.h"

#include <algorithm>
#include <cstdlib>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_certificates = 4u << 20;
constexpr std::size_t max_files = 100;

Result<void> append(std::string& pem, const fs::path& file) {
    auto bytes = read_file(file, max_certificates);
    if (!bytes)
        return environment_error(file.string(), "cannot read certificates: " + bytes.error().what);
    pem += as_text(*bytes);
    pem += '\n';
    return {};
}

/// Sorted, so that the same folder always means the same.
std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end && files.size() < max_files;
         entry.increment(error))
        files.push_back(entry->path());
    std::ranges::sort(files);
    return files;
}

Result<void> use_folder(TlsSettings& settings, const fs::path& folder) {
    for (const fs::path& file : files_in(folder)) {
        if (file.extension() == ".crt")
            ECC_CHECK(append(settings.authorities, file));
        fs::path key = file;
        std::error_code ignored;
        if (file.extension() == ".cert" && fs::exists(key.replace_extension(".key"), ignored)) {
            settings.client_certificate = file.string();
            settings.client_key = key.string();
        }
    }
    return {};
}

} // namespace

std::vector<fs::path> certificate_folders(const char* home) {
    std::vector<fs::path> folders = {"/etc/docker/certs.d", "/etc/containers/certs.d"};
    if (home && *home)
        folders.push_back(fs::path(home) / ".config/containers/certs.d");
    return folders;
}

Result<TlsSettings> TlsRoots::load(const std::string& host) const {
    TlsSettings settings{.verify = options_.verify};
    if (!options_.ca_file.empty())
        ECC_CHECK(append(settings.authorities, options_.ca_file));
    for (const fs::path& folder : options_.folders)
        ECC_CHECK(use_folder(settings, folder / host));
    const char* named = std::getenv("SSL_CERT_FILE");
    if (!named || !*named)
        return settings;
    if (settings.authorities.empty())
        settings.authority_file = named;
    else
        ECC_CHECK(append(settings.authorities, named));
    return settings;
}

Result<const TlsSettings*> TlsRoots::settings_for(const std::string& host) {
    std::lock_guard lock(mutex_);
    auto known = known_.find(host);
    if (known == known_.end()) {
        ECC_TRY(auto settings, load(host));
        known = known_.emplace(host, std::move(settings)).first;
    }
    return &known->second;
}

} // namespace ecc
