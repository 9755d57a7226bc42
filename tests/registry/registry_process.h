// A real registry (Debian's docker-registry, or go-containerregistry's) of a test's own, on a port of its
// own, with its files in a folder of its own.
#pragma once

#include "support/files.h"
#include "tests/kernel/process.h"

#include <memory>
#include <optional>

namespace ecc::test {

struct RegistryOptions {
    std::filesystem::path htpasswd;         ///< users; empty: everybody may do everything
    std::filesystem::path certificate, key; ///< for TLS; empty: plain HTTP
    std::filesystem::path client_authority; ///< whose certificates clients must have; empty: they need none
    std::string storage_url; ///< where it sends whoever asks for a blob; empty: it sends the blob itself
    bool tokens = false; ///< of a token server beside it, for "user" with "secret" or the identity token "me"
    bool notes_requests = false; ///< for requests(), of which it may note some hundreds
    bool referrers = false; ///< another program, in memory, with the referrers API; alone among these options
};

class RegistryProcess {
public:
    /// Nothing, and a failure of the running test, if it does not start.
    static std::unique_ptr<RegistryProcess> start(const RegistryOptions& options = {});

    /// "localhost:PORT"
    std::string host() const { return "localhost:" + port_; }
    /// The file on its disk that holds a blob or manifest.
    std::filesystem::path blob_file(const std::string& digest) const;
    /// Removes from its disk what no manifest names any more, as its operator does.
    Output collect_garbage() const;
    /// Ends it; its port then refuses connections.
    void stop();
    /// What it was asked so far: "GET /v2/t/tool/tags/list HTTP/1.1"
    std::vector<std::string> requests();
    /// Takes its log out of the pipe, so that it never waits for a reader.
    void drain() { process_.lines(); }

private:
    RegistryProcess(TempDir folder, Process process, std::optional<Process> tokens, std::string port)
        : folder_(std::move(folder)), process_(std::move(process)), tokens_(std::move(tokens)),
          port_(std::move(port)) {}

    TempDir folder_;
    Process process_;
    std::optional<Process> tokens_; ///< its token server
    std::string port_;
};

} // namespace ecc::test
