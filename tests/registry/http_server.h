// An HTTP server of a test's own that answers with exactly the bytes that the test says, right or wrong.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ecc::test {

struct ServedRequest {
    std::string method;
    std::string target;                         ///< path and query
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
};

class HttpServer {
public:
    /// Returns everything that is sent before the connection is closed.
    using Handler = std::function<std::string(const ServedRequest&)>;

    explicit HttpServer(Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "127.0.0.1:PORT"
    std::string host() const;
    /// What was asked so far.
    std::vector<ServedRequest> requests();

private:
    void serve();
    void answer(int connection);

    Handler handler_;
    int listener_ = -1;
    int port_ = 0;
    std::mutex mutex_;
    std::vector<ServedRequest> requests_;
    std::thread thread_;
};

/// A whole reply with Content-Length. `headers` are lines "Name: value\r\n".
std::string http_reply(int status, std::string_view headers, std::string_view body);

} // namespace ecc::test
