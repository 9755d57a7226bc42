// Transfers against servers that break off, forget, stall and lie: what arrives is right or an error, nothing
// is stored twice or wrong, nothing hangs, and no more is read than was asked for. Waits are noted instead of
// waited.

#include "packager/oci/copy.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/transfer.h"
#include "support/digest.h"
#include "tests/registry/http_server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc::test {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

/// Content in which every byte position shows.
std::string make_content(std::size_t size) {
    std::string content(size, 0);
    for (std::size_t i = 0; i < size; i++)
        content[i] = static_cast<char>(i * 2654435761u >> 13);
    return content;
}

class Faults : public testing::Test {
protected:
    StoreOptions options(Access access = Access::pull) {
        StoreOptions options{.access = access, .plain_http = true};
        options.limits.times = {.connect = 2, .stall = 1, .reply = 1};
        options.limits.chunk_size = 1000;
        options.limits.retry.wait = [this](std::chrono::milliseconds time) { waits_.push_back(time); };
        return options;
    }

    std::unique_ptr<Store> open(const HttpServer& server, Access access = Access::pull) {
        return open_store({.host = server.host(), .repository = "t/tool"}, options(access)).value();
    }

    Result<std::string> pull(const HttpServer& server) {
        auto store = open(server);
        ECC_TRY(auto bytes, fetch_layer(*store, {.host = server.host(), .repository = "t/tool"}, blob_, {}));
        return std::string(as_text(bytes));
    }

    Result<void> push(const HttpServer& server) {
        return open(server, Access::push)->put_blob(blob_, MemorySource(as_bytes(content_)), {});
    }

    std::string content_ = make_content(5500);
    Descriptor blob_ = describe("application/wasm", as_bytes(content_));
    std::vector<std::chrono::milliseconds> waits_;
};

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

class Upload : public Faults {
protected:
    /// A registry's half of an upload session, with the faults that a test wants.
    HttpServer::Reply serve(const ServedRequest& request) {
        if (request.method == "HEAD")
            return http_reply(404, "", "");
        if (request.method == "POST") {
            stored_.clear();
            sessions_++;
            return http_reply(202, "Location: /up/0\r\n", "");
        }
        if (request.method == "PATCH")
            return patch(request);
        if (request.method == "GET")
            return http_reply(sessions_lost_ ? 404 : 204, position() + location(), "");
        stored_ += request.body;
        const bool right = request.target.ends_with(sha256_digest(as_bytes(stored_)).substr(7));
        return http_reply(right ? 201 : 400, "", right ? "" : R"({"errors":[{"code":"DIGEST_INVALID"}]})");
    }

    HttpServer::Reply patch(const ServedRequest& request) {
        if (request.body.size() > largest_)
            return http_reply(413, "", "");
        patches_++;
        if (fault_ && patches_ == 3)
            return fault_(request);
        stored_ += request.body; // as docker-registry: without a look at Content-Range
        return http_reply(202, position() + location(), "");
    }

    std::string position() const {
        return fmt::format("Range: 0-{}\r\n", stored_.empty() ? 0 : stored_.size() - 1);
    }
    std::string location() const { return fmt::format("Location: /up/{}\r\n", stored_.size()); }

    HttpServer::Handler handler() {
        return [this](const ServedRequest& request) { return serve(request); };
    }

    void expect_stored(Result<void> pushed) {
        ASSERT_TRUE(pushed) << pushed.error().what;
        EXPECT_TRUE(stored_ == content_) << stored_.size();
    }

    std::string stored_;
    int sessions_ = 0;
    int patches_ = 0;
    bool sessions_lost_ = false;
    std::size_t largest_ = 1000; ///< that the registry takes in one request
    HttpServer::Handler fault_;  ///< in place of the third chunk's reply
};

/// Content-Range of every PATCH.
std::vector<std::string> sent_ranges(HttpServer& server) {
    std::vector<std::string> ranges;
    for (const ServedRequest& request : server.requests())
        if (request.method == "PATCH")
            ranges.push_back(request.headers.at("content-range"));
    return ranges;
}

TEST_F(Upload, OfALargeBlobIsOnePatch) {
    largest_ = content_.size();
    HttpServer server(handler());
    expect_stored(push(server));
    EXPECT_THAT(sent_ranges(server), ElementsAre("0-5499"));
}

TEST_F(Upload, GoesInChunksIfTheRegistryTakesNoMoreAtOnce) {
    HttpServer server(handler());
    expect_stored(push(server));
    EXPECT_THAT(sent_ranges(server), ElementsAre("0-5499", "0-999", "1000-1999", "2000-2999", "3000-3999",
                                                 "4000-4999", "5000-5499"));
    std::vector<std::string> targets;
    for (const ServedRequest& request : server.requests())
        targets.push_back(request.target);
    EXPECT_THAT(std::vector(targets.begin(), targets.begin() + 5),
                ElementsAre("/v2/t/tool/blobs/uploads/", "/up/0", "/up/0", "/up/0", "/up/1000"))
        << "always the Location of the reply before";
    EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(Upload, GoesOnInChunksAfterTheConnectionBrokeInsideTheWhole) {
    largest_ = content_.size();
    for (std::size_t read : {std::size_t{0}, std::size_t{1}, std::size_t{999}, std::size_t{1000},
                             std::size_t{2750}, content_.size() - 1, content_.size()}) {
        SCOPED_TRACE(read);
        bool broken = false;
        HttpServer server(
            [&](const ServedRequest& request) {
                if (request.method != "PATCH" || std::exchange(broken, true))
                    return serve(request);
                stored_ += request.body;
                return HttpServer::Reply("");
            },
            [&](const ServedRequest& request) {
                return request.method == "PATCH" && !broken ? read : std::size_t{1} << 30;
            });
        expect_stored(push(server));
    }
}

TEST_F(Upload, GoesOnAfterTheConnectionBroke) {
    for (std::size_t kept :
         {std::size_t{0}, std::size_t{1}, std::size_t{500}, std::size_t{999}, std::size_t{1000}}) {
        SCOPED_TRACE(kept);
        patches_ = 0;
        fault_ = [&](const ServedRequest& request) {
            stored_ += request.body.substr(0, kept);
            return std::string();
        };
        HttpServer server(handler());
        expect_stored(push(server));
    }
}

TEST_F(Upload, GoesOnAfterTheConnectionBrokeInsideAChunk) {
    HttpServer server(
        [this](const ServedRequest& request) {
            if (request.method == "PATCH" && patches_ == 2) {
                patches_++;
                stored_ += request.body;
                return HttpServer::Reply("");
            }
            return serve(request);
        },
        [this](const ServedRequest& request) {
            return request.method == "PATCH" && patches_ == 2 ? std::size_t{333} : std::size_t{1} << 30;
        });
    expect_stored(push(server));
}

TEST_F(Upload, GoesOnWhereTheRegistrySaysThatItIs) {
    fault_ = [&](const ServedRequest& request) {
        stored_ += request.body.substr(0, 100);
        return http_reply(202, position() + location(), "");
    };
    HttpServer server(handler());
    expect_stored(push(server));
    fault_ = [](const ServedRequest&) { return http_reply(416, "", ""); };
    patches_ = 0;
    expect_stored(push(server));
}

TEST_F(Upload, BelievesNoRegistryThatHasMoreThanThereIs) {
    fault_ = [](const ServedRequest&) {
        return http_reply(202, "Range: 0-99999\r\nLocation: /up/0\r\n", "");
    };
    HttpServer server(handler());
    auto pushed = push(server);
    EXPECT_TRUE(!pushed || stored_ == content_);
}

TEST_F(Upload, WaitsAsLongAsTheRegistryAsks) {
    fault_ = [](const ServedRequest&) { return http_reply(429, "Retry-After: 17\r\n", ""); };
    HttpServer server(handler());
    expect_stored(push(server));
    EXPECT_THAT(waits_, ElementsAre(Ge(17s)));
}

TEST_F(Upload, StartsOverIfTheSessionIsLost) {
    fault_ = [this](const ServedRequest&) {
        sessions_lost_ = true;
        return http_reply(500, "", "");
    };
    HttpServer server([this](const ServedRequest& request) {
        if (request.method == "POST")
            sessions_lost_ = false;
        return serve(request);
    });
    expect_stored(push(server));
    EXPECT_EQ(sessions_, 2);
}

TEST_F(Upload, StartsOverIfTheRegistryMixedTheChunksUp) {
    fault_ = [this](const ServedRequest& request) {
        stored_ += request.body + request.body;
        return http_reply(202, fmt::format("Range: 0-2999\r\n{}", location()), "");
    };
    HttpServer server(handler());
    expect_stored(push(server));
    EXPECT_EQ(sessions_, 2);
}

TEST_F(Upload, IsOneBodyForARegistryWithoutChunks) {
    for (int status : {400, 405, 413, 501}) {
        HttpServer server([&](const ServedRequest& request) {
            return request.method == "PATCH" ? HttpServer::Reply(http_reply(status, "", "")) : serve(request);
        });
        expect_stored(push(server));
    }
}

TEST_F(Upload, EndsIfNothingHelps) {
    for (std::string reply : {http_reply(500, "", ""), http_reply(202, "Range: 0-0\r\n", ""), std::string(),
                              http_reply(404, "", ""), http_reply(403, "", "")}) {
        HttpServer server([&](const ServedRequest& request) {
            return request.method == "PATCH" || request.method == "PUT" ? HttpServer::Reply(reply)
                                                                        : serve(request);
        });
        EXPECT_FALSE(push(server));
        EXPECT_LT(server.requests().size(), 150u);
    }
}

TEST_F(Upload, HonoursTheLeastChunkOfTheRegistry) {
    largest_ = 5000;
    HttpServer server([&](const ServedRequest& request) {
        return request.method == "POST" ? HttpServer::Reply(http_reply(
                                              202, "OCI-Chunk-Min-Length: 5000\r\nLocation: /up/0\r\n", ""))
                                        : serve(request);
    });
    expect_stored(push(server));
    EXPECT_EQ(patches_, 2);
}

TEST_F(Upload, IsDoneIfTheReplyWasLostButTheBlobIsThere) {
    bool put = false;
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "HEAD")
            return HttpServer::Reply(http_reply(put ? 200 : 404, "", ""));
        if (request.method != "PUT")
            return serve(request);
        put = true;
        return HttpServer::Reply("");
    });
    EXPECT_TRUE(push(server));
}

TEST_F(Upload, IsGivenUpIfTheServerStopsReading) {
    content_ = make_content(24 << 20); // more than sockets hold
    blob_ = describe("application/wasm", as_bytes(content_));
    HttpServer server(
        [&](const ServedRequest& request) {
            if (request.method != "PATCH" && request.method != "PUT")
                return serve(request);
            HttpServer::Reply reply("");
            reply.deaf = true;
            return reply;
        },
        [](const ServedRequest& request) { return request.method == "PATCH" ? 1000 : std::size_t{1} << 30; });
    StoreOptions impatient = options(Access::push);
    impatient.limits.retry.attempts = 1;
    auto store = open_store({.host = server.host(), .repository = "t/tool"}, impatient).value();
    const auto begin = std::chrono::steady_clock::now();
    const auto pushed = store->put_blob(blob_, MemorySource(as_bytes(content_)), {});
    ASSERT_FALSE(pushed);
    EXPECT_THAT(pushed.error().what, HasSubstr("no complete reply"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
}

TEST_F(Upload, DoesNotFollowRedirectsForEver) {
    for (const std::string looping : {"POST", "PATCH", "PUT"})
        for (int status : {301, 302, 303, 307, 308}) {
            SCOPED_TRACE(looping + std::to_string(status));
            patches_ = 0;
            HttpServer server([&](const ServedRequest& request) {
                return request.method == looping
                           ? HttpServer::Reply(
                                 http_reply(status, fmt::format("Location: {}\r\n", request.target), ""))
                           : serve(request);
            });
            const auto pushed = push(server);
            EXPECT_EQ(pushed.has_value(), looping == "PATCH" && status < 307) << "as one body";
            EXPECT_LT(server.requests().size(), 25u);
            if (status >= 307) {
                EXPECT_THAT(pushed.error().what, HasSubstr("more than 10 redirects"));
            }
        }
}

TEST_F(Upload, FollowsARedirectWithItsBody) {
    for (const std::string moved : {"PATCH", "PUT"})
        for (int status : {307, 308}) {
            SCOPED_TRACE(moved + std::to_string(status));
            patches_ = 0;
            HttpServer server([&](const ServedRequest& request) {
                if (request.method != moved || request.target.starts_with("/there"))
                    return serve(request);
                return HttpServer::Reply(
                    http_reply(status, fmt::format("Location: /there{}\r\n", request.target), ""));
            });
            largest_ = content_.size();
            expect_stored(push(server));
        }
}

/// The server hangs up after it, so the redirect may be lost and be asked for again.
TEST_F(Upload, FollowsARedirectThatComesBeforeTheBodyIsRead) {
    content_ = make_content(24 << 20); // more than sockets hold
    blob_ = describe("application/wasm", as_bytes(content_));
    largest_ = content_.size();
    const auto moves = [](const ServedRequest& request) {
        return request.method == "PATCH" && !request.target.starts_with("/there");
    };
    HttpServer server(
        [&](const ServedRequest& request) {
            return moves(request) ? HttpServer::Reply(http_reply(
                                        307, fmt::format("Location: /there{}\r\n", request.target), ""))
                                  : serve(request);
        },
        [&](const ServedRequest& request) { return moves(request) ? 0 : std::size_t{1} << 30; });
    StoreOptions usual = options(Access::push);
    usual.limits.chunk_size = 4 << 20;
    auto store = open_store({.host = server.host(), .repository = "t/tool"}, usual).value();
    expect_stored(store->put_blob(blob_, MemorySource(as_bytes(content_)), {}));
    EXPECT_LT(server.requests().size(), 100u);
}

class Requests : public Faults {
protected:
    Result<StoredManifest> ask(HttpServer& server) { return open(server)->get_manifest("1"); }
};

TEST_F(Requests, AreRepeatedAfterFailuresThatPass) {
    for (int status : {408, 429, 500, 502, 503, 504}) {
        int asked = 0;
        HttpServer server([&](const auto&) {
            return asked++ < 3
                       ? http_reply(status, "", "")
                       : http_reply(200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n",
                                    "{}");
        });
        EXPECT_TRUE(ask(server)) << status;
    }
    EXPECT_THAT(waits_, Each(Ge(50ms)));
}

TEST_F(Requests, AreNotRepeatedAfterOtherFailures) {
    for (int status : {400, 403, 410, 501}) {
        HttpServer server([&](const auto&) { return http_reply(status, "", ""); });
        EXPECT_FALSE(ask(server));
        EXPECT_THAT(server.requests(), SizeIs(1)) << status;
    }
}

TEST_F(Requests, WaitForRetryAfterInSecondsAndAsADate) {
    for (const char* value : {"30", "Fri, 31 Dec 1999 23:59:59 GMT", "nonsense", "-5"}) {
        int asked = 0;
        HttpServer server([&](const auto&) {
            return asked++ ? http_reply(200, "", "{}")
                           : http_reply(429, fmt::format("Retry-After: {}\r\n", value), "");
        });
        EXPECT_TRUE(ask(server)) << value;
    }
    ASSERT_THAT(waits_, SizeIs(4));
    EXPECT_GE(waits_[0], 30s);
    EXPECT_LT(waits_[1], 1s) << "the date is over";
}

TEST_F(Requests, AreGivenUpIfTheServerWantsTooMuchPatience) {
    HttpServer server([](const auto&) { return http_reply(429, "Retry-After: 86400\r\n", ""); });
    auto asked = ask(server);
    ASSERT_FALSE(asked);
    EXPECT_THAT(asked.error().hint, HasSubstr("try again after 86400"));
    EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(Requests, AreAnsweredOnceForEachLogin) {
    HttpServer server([](const auto&) {
        return http_reply(401, "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/t\"\r\n", "");
    });
    EXPECT_FALSE(ask(server));
    HttpServer loop([](const ServedRequest& request) {
        if (request.target.starts_with("/token"))
            return http_reply(200, "", R"({"token":"t"})");
        return http_reply(
            401,
            fmt::format("WWW-Authenticate: Bearer realm=\"http://{}/token\"\r\n", request.headers.at("host")),
            "");
    });
    EXPECT_FALSE(ask(loop));
    EXPECT_LE(loop.requests().size(), 3u);
}

TEST_F(Requests, MayWarn) {
    HttpServer server(
        [](const auto&) { return http_reply(200, "Warning: 299 - \"read only on Sunday\"\r\n", "{}"); });
    std::vector<std::string> warnings;
    StoreOptions listening = options();
    listening.notice = [&](const std::string& text) { warnings.push_back(text); };
    auto store = open_store({.host = server.host(), .repository = "t/tool"}, listening).value();
    EXPECT_TRUE(store->get_manifest("1"));
    EXPECT_TRUE(store->get_manifest("1"));
    EXPECT_THAT(warnings, ElementsAre("read only on Sunday")) << "once";
}

TEST_F(Requests, FollowPagesButNotForEver) {
    HttpServer pages([](const ServedRequest& request) {
        if (request.target.ends_with("last=b"))
            return http_reply(200, "", R"({"tags":["c"]})");
        return http_reply(200, "Link: </v2/t/tool/tags/list?last=b>; rel=\"next\"\r\n",
                          R"({"tags":["b","a"]})");
    });
    EXPECT_THAT(open(pages)->tags().value(), ElementsAre("a", "b", "c"));
    HttpServer endless([](const ServedRequest& request) {
        return http_reply(200, fmt::format("Link: <{}x>; rel=\"next\"\r\n", request.target.substr(0, 200)),
                          R"({"tags":["a"]})");
    });
    EXPECT_THAT(open(endless)->tags().error().what, HasSubstr("pages"));
}

TEST_F(Requests, FollowPagesOnlyWhereLoginsMayGo) {
    HttpServer server([](const auto&) {
        return http_reply(200, "Link: <file:///etc/passwd>; rel=\"next\"\r\n", R"({"tags":["a"]})");
    });
    EXPECT_FALSE(open(server)->tags());
}

TEST_F(Faults, CopyNeverStoresAManifestWithoutItsContent) {
    std::string manifest = image_manifest_to_json({.config = blob_, .layers = {blob_}});
    HttpServer source([&](const ServedRequest& request) {
        if (request.target.find("/manifests/") != std::string::npos)
            return http_reply(200, fmt::format("Content-Type: {}\r\n", media_type::image_manifest), manifest);
        return http_reply(200, "", std::string(content_.size(), 'x'));
    });
    HttpServer target([](const ServedRequest& request) {
        return http_reply(request.method == "HEAD" ? 404 : 201, "", "");
    });
    auto from = open(source), to = open(target, Access::push);
    auto copied = copy(*from, {.host = source.host(), .repository = "t/tool", .tag = "1"}, *to,
                       {.host = target.host(), .repository = "t/tool", .tag = "1"}, {});
    ASSERT_FALSE(copied);
    EXPECT_THAT(copied.error().what, HasSubstr("wrong digest"));
    for (const ServedRequest& request : target.requests())
        EXPECT_THAT(request.method, AnyOf("HEAD", "POST")) << request.target;
}

} // namespace
} // namespace ecc::test
