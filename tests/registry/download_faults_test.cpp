// Downloads from servers that break off, start over, flood and trickle.

#include "tests/registry/faults.h"

namespace ecc::test {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using namespace std::chrono_literals;

class Download : public Faults {
protected:
    /// Sends the blob from where Range says, and breaks off after `piece` bytes of it.
    HttpServer::Handler breaking_off(std::size_t piece) {
        return [this, piece](const ServedRequest& request) {
            const std::size_t first = first_of(request);
            const std::string rest = content_.substr(first);
            const std::string range =
                fmt::format("Content-Range: bytes {}-{}/{}\r\n", first, content_.size() - 1, content_.size());
            std::string reply = http_reply(first ? 206 : 200, first ? range : "", rest);
            return reply.substr(0, reply.size() - rest.size() + std::min(rest.size(), piece));
        };
    }

    static std::size_t first_of(const ServedRequest& request) {
        auto range = request.headers.find("range");
        return range == request.headers.end() ? 0 : std::stoul(range->second.substr(std::strlen("bytes=")));
    }

    /// The whole at first, but for its end; then what the test says, for a request from byte 1000 on.
    HttpServer::Handler then(HttpServer::Handler answer) {
        return [=, this](const ServedRequest& request) {
            if (first_of(request) > 0)
                return answer(request);
            const std::string reply = http_reply(200, "", content_);
            return HttpServer::Reply(reply.substr(0, reply.size() - content_.size() + 1000));
        };
    }
};

TEST_F(Download, GoesOnWhereTheConnectionBroke) {
    for (std::size_t piece : {std::size_t{60}, std::size_t{1000}, content_.size() / 2, content_.size() - 1}) {
        HttpServer server(breaking_off(piece));
        auto pulled = pull(server);
        ASSERT_TRUE(pulled) << piece << ": " << pulled.error().what;
        EXPECT_EQ(*pulled, content_) << piece;
        EXPECT_THAT(server.requests(), SizeIs((content_.size() + piece - 1) / piece));
    }
}

TEST_F(Download, EndsIfNothingEverComes) {
    for (std::string reply :
         {"", "HTTP/1.1 200 Status\r\nContent-Le", "HTTP/1.1 200 Status\r\nContent-Length: 5500\r\n\r\n"}) {
        HttpServer server([&](const ServedRequest&) { return reply; });
        EXPECT_FALSE(pull(server));
        EXPECT_LE(server.requests().size(), 25u);
    }
}

TEST_F(Download, EndsIfItBreaksAtTheSameByteAgainAndAgain) {
    HttpServer server(then([](const auto&) { return std::string(); }));
    EXPECT_THAT(pull(server).error().what, HasSubstr("no complete reply"));
    EXPECT_LE(server.requests().size(), 25u);
}

TEST_F(Download, SkipsWhatItHasIfTheServerStartsOver) {
    HttpServer server(then([&](const auto&) { return http_reply(200, "", content_); }));
    EXPECT_EQ(pull(server).value(), content_);
}

TEST_F(Download, BelievesNoOtherRangeThanItAskedFor) {
    const std::string size = std::to_string(content_.size());
    for (std::string range :
         {std::string(), "bytes 0-5499/" + size, "bytes 999-5499/" + size, "bytes 1001-5499/" + size,
          "bytes 1000-5500/" + size, std::string("bytes 1000-5499/5501"), "bytes 1000-999/" + size,
          std::string("bytes */5500"), std::string("bytes 1000-18446744073709551615/*"),
          std::string("items 1000-5499/5500"), std::string("bytes 1000-5499")}) {
        HttpServer server(then([&](const auto&) {
            return http_reply(206, range.empty() ? "" : "Content-Range: " + range + "\r\n",
                              content_.substr(1000));
        }));
        auto pulled = pull(server);
        ASSERT_FALSE(pulled) << range;
        EXPECT_THAT(pulled.error().what, HasSubstr("from byte 1000")) << range;
    }
}

TEST_F(Download, NoticesARangeWithOtherContent) {
    HttpServer server(then([&](const auto&) {
        return http_reply(206, "Content-Range: bytes 1000-5499/5500\r\n", std::string(4500, 'x'));
    }));
    EXPECT_THAT(pull(server).error().what, HasSubstr("wrong digest"));
}

TEST_F(Download, SaysIfTheRangeIsRefusedOrTheBlobIsGone) {
    HttpServer refusing(then([](const auto&) { return http_reply(416, "", ""); }));
    EXPECT_THAT(pull(refusing).error().what, HasSubstr("answers 416"));
    HttpServer forgetting(then([](const auto&) { return http_reply(404, "", ""); }));
    EXPECT_THAT(pull(forgetting).error().what, HasSubstr("does not have"));
}

TEST_F(Download, ReadsNoMoreThanItNeedsOfAnEndlessBody) {
    HttpServer server([&](const auto&) {
        return HttpServer::Reply("HTTP/1.1 200 Status\r\n\r\n", std::string(1 << 16, 'x'));
    });
    auto pulled = pull(server);
    ASSERT_FALSE(pulled);
    EXPECT_THAT(pulled.error().what, HasSubstr("more than the 5500 bytes"));
    EXPECT_LT(server.sent(), 32u << 20) << "the rest is what sockets hold";
}

TEST_F(Download, ReadsNoMoreThanItNeedsOfEndlessHeadersAndErrors) {
    HttpServer headers(
        [](const auto&) { return HttpServer::Reply("HTTP/1.1 200 Status\r\n", "X-More: of the same\r\n"); });
    EXPECT_THAT(pull(headers).error().what,
                AnyOf(HasSubstr("bytes of headers"), HasSubstr("no complete reply")));
    HttpServer errors([](const auto&) {
        return HttpServer::Reply("HTTP/1.1 404 Status\r\n\r\n", std::string(1 << 16, 'x'));
    });
    EXPECT_THAT(pull(errors).error().what, HasSubstr("larger than"));
    EXPECT_LT(headers.sent() + errors.sent(), 64u << 20);
}

TEST_F(Download, IsGivenUpWhenTheServerStalls) {
    for (const char* start :
         {"", "HTTP/1.1 200 Status\r\n", "HTTP/1.1 200 Status\r\nContent-Length: 5500\r\n\r\nxy"}) {
        HttpServer server([&](const auto&) {
            HttpServer::Reply reply{std::string(start)};
            reply.stalls = true;
            return reply;
        });
        StoreOptions patient = options();
        patient.limits.retry.attempts = 1;
        auto store = open_store({.host = server.host(), .repository = "t/tool"}, patient).value();
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_FALSE(fetch_layer(*store, {.host = server.host(), .repository = "t/tool"}, blob_, {}));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s) << start;
    }
}

/// Each try moves a byte or two: that is no progress.
TEST_F(Download, IsGivenUpIfBytesTrickle) {
    for (std::size_t at_once : {std::size_t{0}, std::size_t{1000}}) {
        HttpServer server([&](const ServedRequest& request) {
            const std::size_t first = first_of(request);
            const std::string range = fmt::format("Content-Range: bytes {}-5499/5500\r\n", first);
            HttpServer::Reply reply{
                http_reply(first ? 206 : 200, first ? range : "", content_.substr(first))};
            if (first >= at_once)
                reply.pause = 200ms;
            else
                reply.text.resize(reply.text.size() - content_.size() + at_once);
            return reply;
        });
        const auto begin = std::chrono::steady_clock::now();
        const auto pulled = pull(server);
        ASSERT_FALSE(pulled);
        EXPECT_THAT(pulled.error().what, HasSubstr("Less than 1024 bytes/sec"));
        EXPECT_THAT(pulled.error().hint, HasSubstr("try again"));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
    }
}

/// The parts of a body of unknown length, as proxies send it.
std::string chunked(std::string_view content) {
    return fmt::format("{:x}\r\n{}\r\n", content.size(), content);
}

TEST_F(Download, GoesOnWhereAChunkBroke) {
    constexpr const char* head = "HTTP/1.1 200 Status\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string first = chunked(content_.substr(0, 1000));
    for (const std::string& start :
         {first.substr(0, 4), first.substr(0, 6), first.substr(0, 500), first.substr(0, first.size() - 1),
          first, first + "3", first + "3e8\r\n", first + "zzz\r\n", first + "ffffffffffffffffff\r\nx"}) {
        bool broken = false;
        const auto rest = breaking_off(content_.size());
        HttpServer server([&](const ServedRequest& request) {
            return std::exchange(broken, true) ? rest(request) : HttpServer::Reply(head + start);
        });
        const auto pulled = pull(server);
        EXPECT_TRUE(!pulled || *pulled == content_) << start.substr(0, 20);
        if (!start.ends_with("zzz\r\n") && !start.ends_with('x')) {
            EXPECT_TRUE(pulled) << start.substr(0, 20) << ": " << pulled.error().what;
        }
    }
}

TEST_F(Download, OfAChunkedBodyEndsWithTheBlob) {
    constexpr const char* head = "HTTP/1.1 200 Status\r\nTransfer-Encoding: chunked\r\n\r\n";
    HttpServer right([&](const auto&) { return head + chunked(content_) + "0\r\n\r\n"; });
    EXPECT_EQ(pull(right).value(), content_);
    HttpServer shorter([&](const auto&) { return head + chunked(content_.substr(1)) + "0\r\n\r\n"; });
    EXPECT_THAT(pull(shorter).error().what, HasSubstr("the manifest says 5500"));
    HttpServer endless(
        [&](const auto&) { return HttpServer::Reply(head, chunked(std::string(1 << 16, 'x'))); });
    EXPECT_THAT(pull(endless).error().what, HasSubstr("more than the 5500 bytes"));
    EXPECT_LT(endless.sent(), 32u << 20);
}

} // namespace
} // namespace ecc::test
