// The TLS that a server of a test's own speaks, as something apart from what it says.
#pragma once

#include <filesystem>
#include <memory>

struct ssl_ctx_st;

namespace ecc::test {

class TlsEnd {
public:
    /// Both in PEM; a failure of the running test if they are not.
    TlsEnd(const std::filesystem::path& certificate, const std::filesystem::path& key);

    /// Takes what comes over TLS to `plain` and back, until either hangs up or the client wants no such TLS.
    void carry(int client, int plain) const;

private:
    std::shared_ptr<ssl_ctx_st> context_;
};

} // namespace ecc::test
