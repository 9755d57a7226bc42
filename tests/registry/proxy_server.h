// A forward proxy of a test's own: tunnels (RFC 9110, 9.3.6, CONNECT) and requests with absolute targets.
// Every host name stands for this machine, so that what is not loopback by its name can be reached.
#pragma once

#include "tests/registry/tls_end.h"

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ecc::test {

class ProxyServer {
public:
    /// `login` is base64 of USER:PASSWORD, as in Proxy-Authorization; empty: everybody may pass. With `tls`
    /// it is spoken to over that.
    explicit ProxyServer(std::string login = {}, std::optional<TlsEnd> tls = {});
    ~ProxyServer();
    ProxyServer(const ProxyServer&) = delete;
    ProxyServer& operator=(const ProxyServer&) = delete;

    /// "127.0.0.1:PORT"
    std::string host() const;
    /// What it was asked so far: request lines with headers, as they came.
    std::vector<std::string> heads();

private:
    void accept_all();
    void serve_over_tls(int client);
    void serve(int client);
    bool admits(const std::string& head) const;

    std::string login_;
    std::optional<TlsEnd> tls_;
    int listener_ = -1;
    int port_ = 0;
    std::mutex mutex_;
    std::vector<std::string> heads_;
    std::vector<std::thread> connections_;
    std::thread thread_;
};

} // namespace ecc::test
