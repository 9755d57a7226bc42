// An HTTP server of a test's own that answers with exactly the bytes that the test says, right or wrong.
#pragma once

#include <atomic>
#include <chrono>
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

/// Where a server listens.
struct LoopbackAddress {
    std::string host = "127.0.0.1";
    int port = 0; ///< 0: any that is free
};

class HttpServer {
public:
    struct Reply {
        template <class Text> Reply(Text&& whole) : text(std::forward<Text>(whole)) {}
        Reply(std::string whole, std::string again) : text(std::move(whole)), endless(std::move(again)) {}
        std::string text;
        std::string endless;               ///< sent after it again and again until the client has enough
        bool stalls = false;               ///< after the text nothing comes, and the connection stays open
        bool deaf = false;                 ///< the same, and nothing more is read either
        std::chrono::milliseconds pause{}; ///< between any two bytes of the text
    };

    /// Returns everything that is sent before the connection is closed.
    using Handler = std::function<Reply(const ServedRequest&)>;
    /// How much of a request's body is read before the handler is asked; the rest never is.
    using Appetite = std::function<std::size_t(const ServedRequest&)>;

    /// Answers `workers` connections at once; with more than one the handler is called from several threads.
    explicit HttpServer(Handler handler, Appetite appetite = {}, std::size_t workers = 1,
                        LoopbackAddress address = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "HOST:PORT"
    std::string host() const;
    /// What was asked so far.
    std::vector<ServedRequest> requests();
    /// How many bytes of replies were sent.
    std::size_t sent() const { return sent_; }

private:
    void serve(std::atomic<int>& current);
    void answer(int connection);

    void send_reply(int connection, const Reply& reply);
    bool trickle(int connection, const Reply& reply);

    Handler handler_;
    Appetite appetite_;
    std::atomic<std::size_t> sent_ = 0;
    std::vector<std::atomic<int>> current_; ///< the connection that each worker answers, or -1
    int listener_ = -1;
    LoopbackAddress address_;
    std::mutex mutex_;
    std::vector<ServedRequest> requests_;
    std::vector<std::thread> workers_;
};

/// A whole reply with Content-Length. `headers` are lines "Name: value\r\n".
std::string http_reply(int status, std::string_view headers, std::string_view body);

} // namespace ecc::test
