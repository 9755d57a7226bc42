#include "tests/registry/http_server.h"

#include "support/letter_case.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ecc::test {
namespace {

constexpr char tls_handshake = 0x16; // the first byte of a client that tries TLS

/// Reads until `done` holds; false if the client stops before or speaks TLS.
bool read_until(int connection, std::string& text, auto done) {
    while (!done()) {
        char buffer[65536];
        const ssize_t length = ::recv(connection, buffer, sizeof buffer, 0);
        if (length <= 0)
            return false;
        text.append(buffer, static_cast<std::size_t>(length));
        if (text[0] == tls_handshake)
            return false;
    }
    return true;
}

ServedRequest parse_head(const std::string& head) {
    ServedRequest request;
    std::size_t line_end = head.find("\r\n");
    const std::string first = head.substr(0, line_end);
    const std::size_t space = first.find(' ');
    request.method = first.substr(0, space);
    request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
    while (line_end + 2 < head.size()) {
        const std::size_t start = line_end + 2;
        line_end = head.find("\r\n", start);
        const std::string line = head.substr(start, line_end - start);
        if (const std::size_t colon = line.find(": "); colon != std::string::npos)
            request.headers[lower_case(line.substr(0, colon))] = line.substr(colon + 2);
    }
    return request;
}

/// False once the client has seen enough.
bool send_all(int connection, std::string_view text, std::atomic<std::size_t>& sent) {
    while (!text.empty()) {
        const ssize_t length = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        if (length <= 0)
            return false;
        sent += static_cast<std::size_t>(length);
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

} // namespace

HttpServer::HttpServer(Handler handler, Appetite appetite, std::size_t workers, LoopbackAddress where)
    : handler_(std::move(handler)), appetite_(std::move(appetite)), current_(workers),
      address_(std::move(where)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(address_.port));
    ::inet_pton(AF_INET, address_.host.c_str(), &address.sin_addr);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 64) != 0)
        ADD_FAILURE() << "no port on loopback";
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    address_.port = ntohs(address.sin_port);
    for (std::atomic<int>& current : current_) {
        current = -1;
        workers_.emplace_back([this, &current] { serve(current); });
    }
}

HttpServer::~HttpServer() {
    ::shutdown(listener_, SHUT_RDWR); // ends accept
    for (std::atomic<int>& connection : current_)
        ::shutdown(connection, SHUT_RDWR); // and what is being answered
    for (std::thread& worker : workers_)
        worker.join();
    ::close(listener_);
}

std::string HttpServer::host() const {
    return fmt::format("{}:{}", address_.host, address_.port);
}

std::vector<ServedRequest> HttpServer::requests() {
    std::lock_guard lock(mutex_);
    return requests_;
}

void HttpServer::serve(std::atomic<int>& current) {
    for (int connection; (connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        current = connection;
        answer(connection);
        current = -1;
        ::shutdown(connection, SHUT_WR);
        ::close(connection);
    }
}

void HttpServer::answer(int connection) {
    std::string text;
    if (!read_until(connection, text, [&] { return text.find("\r\n\r\n") != std::string::npos; }))
        return;
    const std::size_t body_start = text.find("\r\n\r\n") + 4;
    ServedRequest request = parse_head(text.substr(0, body_start - 2));
    std::size_t size = 0;
    if (auto length = request.headers.find("content-length"); length != request.headers.end())
        size = std::stoul(length->second);
    if (appetite_)
        size = std::min(size, appetite_(request));
    if (!read_until(connection, text, [&] { return text.size() >= body_start + size; }))
        return;
    request.body = text.substr(body_start, size);
    {
        std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    send_reply(connection, handler_(request));
}

/// poll is the pause: it ends early if the client hangs up.
bool HttpServer::trickle(int connection, const Reply& reply) {
    pollfd client{connection, POLLRDHUP, 0};
    for (char byte : reply.text)
        if (!send_all(connection, {&byte, 1}, sent_) ||
            ::poll(&client, 1, static_cast<int>(reply.pause.count())) != 0)
            return false;
    return true;
}

void HttpServer::send_reply(int connection, const Reply& reply) {
    bool wanted = reply.pause.count() ? trickle(connection, reply) : send_all(connection, reply.text, sent_);
    if (reply.deaf) {
        // What the client has not sent yet stands before its farewell, so only the end of the test ends this.
        pollfd client{connection, POLLRDHUP, 0};
        ::poll(&client, 1, -1);
        return;
    }
    while (wanted && !reply.endless.empty())
        wanted = send_all(connection, reply.endless, sent_);
    char nothing;
    while (wanted && reply.stalls && ::recv(connection, &nothing, 1, 0) > 0)
        ; // until the client hangs up
}

std::string http_reply(int status, std::string_view headers, std::string_view body) {
    return fmt::format("HTTP/1.1 {} Status\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{}", status,
                       body.size(), headers, body);
}

} // namespace ecc::test
