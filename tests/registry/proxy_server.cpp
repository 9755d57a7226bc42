#include "tests/registry/proxy_server.h"

#include <arpa/inet.h>
#include <charconv>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace ecc::test {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr char tls_handshake = 0x16; // the first byte of a client that tries TLS

sockaddr_in loopback(int port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

int connect_to(int port) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return server;
    ::close(server);
    return -1;
}

bool send_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t length = ::send(to, text.data(), text.size(), MSG_NOSIGNAL);
        if (length <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

/// False at the end of what `from` has to say.
bool pass_on(int from, int to) {
    char buffer[65536];
    const ssize_t length = ::recv(from, buffer, sizeof buffer, 0);
    return length > 0 && send_all(to, {buffer, static_cast<std::size_t>(length)});
}

/// Both ways until either hangs up.
void splice(int client, int server) {
    pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    while (::poll(ends, 2, -1) > 0)
        for (int i = 0; i < 2; i++)
            if (ends[i].revents && !pass_on(ends[i].fd, ends[1 - i].fd))
                return;
}

/// Of "registry.test:5000" or "registry.test:5000/v2/".
int port_in(std::string_view authority) {
    int port = 0;
    const std::size_t colon = authority.find(':');
    if (colon != authority.npos)
        std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
    return port;
}

/// The head as the server gets it: the path alone, nothing of the proxy's, and one request per connection.
std::string forwarded(const std::string& head, std::size_t authority) {
    const std::size_t path = head.find('/', authority);
    std::string text = head.substr(0, head.find(' ') + 1);
    for (std::size_t line = path, next; line < head.size() - 2; line = next) {
        next = head.find("\r\n", line) + 2;
        const std::string_view field = std::string_view(head).substr(line, next - line);
        if (!field.starts_with("Proxy-") && !field.starts_with("Connection:"))
            text += field;
    }
    return text + "Connection: close\r\n\r\n";
}

} // namespace

ProxyServer::ProxyServer(std::string login, std::optional<TlsEnd> tls)
    : login_(std::move(login)), tls_(std::move(tls)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 64) != 0)
        ADD_FAILURE() << "no port on loopback";
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept_all(); });
}

ProxyServer::~ProxyServer() {
    ::shutdown(listener_, SHUT_RDWR); // ends accept; connections end with the programs that made them
    thread_.join();
    for (std::thread& connection : connections_)
        connection.join();
    ::close(listener_);
}

std::string ProxyServer::host() const {
    return fmt::format("127.0.0.1:{}", port_);
}

std::vector<std::string> ProxyServer::heads() {
    std::lock_guard lock(mutex_);
    return heads_;
}

void ProxyServer::accept_all() {
    for (int client; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;)
        connections_.emplace_back([this, client] {
            tls_ ? serve_over_tls(client) : serve(client);
            ::close(client);
        });
}

void ProxyServer::serve_over_tls(int client) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return;
    std::thread plain([this, end = ends[1]] {
        serve(end);
        ::close(end);
    });
    tls_->carry(client, ends[0]);
    ::close(ends[0]);
    plain.join();
}

bool ProxyServer::admits(const std::string& head) const {
    return login_.empty() || head.find("\r\nProxy-Authorization: Basic " + login_ + "\r\n") != head.npos;
}

void ProxyServer::serve(int client) {
    std::string text;
    char buffer[4096];
    while (text.find(head_end) == text.npos) {
        const ssize_t length = ::recv(client, buffer, sizeof buffer, 0);
        if (length <= 0 || buffer[0] == tls_handshake)
            return;
        text.append(buffer, static_cast<std::size_t>(length));
    }
    const std::string head = text.substr(0, text.find(head_end) + head_end.size());
    {
        std::lock_guard lock(mutex_);
        heads_.push_back(head);
    }
    if (!admits(head)) {
        send_all(client,
                 "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                 "Content-Length: 0\r\nConnection: close\r\n\r\n");
        return;
    }
    const bool tunnel = head.starts_with("CONNECT ");
    const std::size_t authority = tunnel ? head.find(' ') + 1 : head.find("://") + 3;
    const int server = connect_to(port_in(std::string_view(head).substr(authority)));
    if (server < 0) {
        send_all(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
    }
    const bool begun = tunnel ? send_all(client, "HTTP/1.1 200 Connection established\r\n\r\n")
                              : send_all(server, forwarded(head, authority) + text.substr(head.size()));
    if (begun)
        splice(client, server);
    ::close(server);
}

} // namespace ecc::test
