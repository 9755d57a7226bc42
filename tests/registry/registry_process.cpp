#include "tests/registry/registry_process.h"

#include "tests/registry/clients.h"

#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>

namespace ecc::test {
namespace {

constexpr std::string_view listening = "listening on ";

std::string config_text(const std::filesystem::path& folder, const RegistryOptions& options) {
    std::string text = fmt::format("version: 0.1\n"
                                   "log:\n  level: info\n  accesslog:\n    disabled: true\n"
                                   "storage:\n  delete:\n    enabled: true\n"
                                   "  filesystem:\n    rootdirectory: {}\n"
                                   "http:\n  addr: 127.0.0.1:0\n  secret: test\n",
                                   (folder / "data").string());
    if (!options.certificate.empty())
        text += fmt::format("  tls:\n    certificate: {}\n    key: {}\n", options.certificate.string(),
                            options.key.string());
    if (!options.htpasswd.empty())
        text += fmt::format("auth:\n  htpasswd:\n    realm: test\n    path: {}\n", options.htpasswd.string());
    return text;
}

/// The port in the registry's line: listening on 127.0.0.1:41234
std::string port_in(const std::string& line) {
    std::smatch match;
    return std::regex_search(line, match, std::regex("listening on 127\\.0\\.0\\.1:([0-9]+)"))
               ? match[1].str()
               : "";
}

} // namespace

std::unique_ptr<RegistryProcess> RegistryProcess::start(const RegistryOptions& options) {
    TempDir folder = TempDir::make().value();
    const auto config = folder.path() / "config.yml";
    EXPECT_TRUE(write_file(config, as_bytes(config_text(folder.path(), options))));
    Process process = options.referrers ? Process::start({client("referrers_server")})
                                        : Process::start({"docker-registry", "serve", config.string()});
    auto line = process.wait_for_error_line(
        [](const std::string& text) { return text.find(listening) != std::string::npos; });
    if (!line) {
        ADD_FAILURE() << "the registry does not start; is the Debian package docker-registry installed?\n"
                      << process.describe();
        return nullptr;
    }
    return std::unique_ptr<RegistryProcess>(
        new RegistryProcess(std::move(folder), std::move(process), port_in(*line)));
}

std::filesystem::path RegistryProcess::blob_file(const std::string& digest) const {
    const std::string hex = digest.substr(digest.find(':') + 1);
    return folder_.path() / "data/docker/registry/v2/blobs/sha256" / hex.substr(0, 2) / hex / "data";
}

void RegistryProcess::stop() {
    process_.send_signal(SIGKILL);
    process_.wait();
}

} // namespace ecc::test
