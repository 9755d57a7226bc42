#include "tests/registry/registry_process.h"

#include "tests/registry/clients.h"

#include <csignal>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>

namespace ecc::test {
namespace {

constexpr std::string_view listening = "listening on ";

constexpr const char* token_service = "registry of a test";

struct TokenServer {
    Process process;
    std::string port;
    std::filesystem::path certificate;
};

std::string config_text(const std::filesystem::path& folder, const RegistryOptions& options,
                        const std::optional<TokenServer>& tokens) {
    std::string text = fmt::format("version: 0.1\n"
                                   "log:\n  level: info\n  accesslog:\n    disabled: {}\n"
                                   "storage:\n  delete:\n    enabled: true\n"
                                   "  filesystem:\n    rootdirectory: {}\n"
                                   "http:\n  addr: 127.0.0.1:0\n  secret: test\n",
                                   !options.notes_requests, (folder / "data").string());
    if (!options.certificate.empty())
        text += fmt::format("  tls:\n    certificate: {}\n    key: {}\n", options.certificate.string(),
                            options.key.string());
    if (!options.client_authority.empty())
        text += fmt::format("    clientcas:\n      - {}\n", options.client_authority.string());
    if (!options.storage_url.empty())
        text += fmt::format("middleware:\n  storage:\n    - name: redirect\n      options:\n"
                            "        baseurl: {}\n",
                            options.storage_url);
    if (!options.htpasswd.empty())
        text += fmt::format("auth:\n  htpasswd:\n    realm: test\n    path: {}\n", options.htpasswd.string());
    if (tokens)
        text += fmt::format("auth:\n  token:\n    realm: http://localhost:{}/token\n    service: {}\n"
                            "    issuer: token_server\n    rootcertbundle: {}\n",
                            tokens->port, token_service, tokens->certificate.string());
    return text;
}

/// The port in the registry's line: listening on 127.0.0.1:41234
std::string port_in(const std::string& line) {
    std::smatch match;
    return std::regex_search(line, match, std::regex("listening on 127\\.0\\.0\\.1:([0-9]+)"))
               ? match[1].str()
               : "";
}

/// The port that a server says it listens on; empty, and a failure of the test, if it does not start.
std::string port_of(Process& server, const char* hint) {
    const auto line = server.wait_for_error_line(
        [](const std::string& text) { return text.find(listening) != std::string::npos; });
    if (!line)
        ADD_FAILURE() << hint << "\n" << server.describe();
    return line ? port_in(*line) : "";
}

TokenServer start_token_server(const std::filesystem::path& folder) {
    TokenServer tokens{Process::start({client("token_server"), "user", "secret", "me", token_service,
                                       (folder / "tokens.pem").string()}),
                       {},
                       folder / "tokens.pem"};
    tokens.port = port_of(tokens.process, "the token server does not start");
    return tokens;
}

} // namespace

std::unique_ptr<RegistryProcess> RegistryProcess::start(const RegistryOptions& options) {
    TempDir folder = TempDir::make().value();
    std::optional<TokenServer> tokens;
    if (options.tokens)
        tokens.emplace(start_token_server(folder.path()));
    const auto config = folder.path() / "config.yml";
    EXPECT_TRUE(write_file(config, as_bytes(config_text(folder.path(), options, tokens))));
    Process process = options.referrers ? Process::start({client("referrers_server")})
                                        : Process::start({"docker-registry", "serve", config.string()});
    std::string port =
        port_of(process, "the registry does not start; is the Debian package docker-registry installed?");
    if (port.empty())
        return nullptr;
    std::optional<Process> token_process;
    if (tokens)
        token_process.emplace(std::move(tokens->process));
    return std::unique_ptr<RegistryProcess>(new RegistryProcess(std::move(folder), std::move(process),
                                                                std::move(token_process), std::move(port)));
}

std::filesystem::path RegistryProcess::blob_file(const std::string& digest) const {
    const std::string hex = digest.substr(digest.find(':') + 1);
    return folder_.path() / "data/docker/registry/v2/blobs/sha256" / hex.substr(0, 2) / hex / "data";
}

Output RegistryProcess::collect_garbage() const {
    return run({"docker-registry", "garbage-collect", (folder_.path() / "config.yml").string()});
}

/// A line of the log is HOST - - [TIME] "REQUEST" STATUS ...
std::vector<std::string> RegistryProcess::requests() {
    std::vector<std::string> found;
    for (const std::string& line : process_.lines())
        if (const auto start = line.find("] \""); start != line.npos)
            found.push_back(line.substr(start + 3, line.find('"', start + 3) - start - 3));
    return found;
}

void RegistryProcess::stop() {
    process_.send_signal(SIGKILL);
    process_.wait();
}

} // namespace ecc::test
