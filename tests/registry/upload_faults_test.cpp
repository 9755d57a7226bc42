// Uploads to servers that break off, forget the session, mix chunks up, and send elsewhere.

#include "tests/registry/faults.h"

namespace ecc::test {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

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

TEST_F(Upload, PausesIfTheRegistryHasLessThanWasSent) {
    fault_ = [&](const ServedRequest& request) {
        stored_ += request.body.substr(0, 100);
        return http_reply(202, position() + location(), "");
    };
    HttpServer server(handler());
    expect_stored(push(server));
    EXPECT_THAT(waits_, SizeIs(1));
}

TEST_F(Upload, SendsNoMuchMoreThanTheBlobTwiceToARegistryThatCrawls) {
    std::size_t kept = 1, sent = 0;
    HttpServer server([&](const ServedRequest& request) {
        if (request.method != "PATCH")
            return serve(request);
        sent += request.body.size();
        return HttpServer::Reply(http_reply(202, fmt::format("Range: 0-{}\r\n{}", kept++, location()), ""));
    });
    const auto pushed = push(server);
    ASSERT_FALSE(pushed);
    EXPECT_THAT(pushed.error().what, HasSubstr("of an upload, of which"));
    EXPECT_LE(sent, 2 * content_.size() + 6 * 1000);
    EXPECT_THAT(waits_, SizeIs(Ge(sent_ranges(server).size() - 1)));
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

/// An answer to a request that the server has all of.
class LateAnswer : public Upload {
protected:
    struct Case {
        const char* method;
        std::uint64_t chunk;
    };
    static constexpr Case cases[] = {{"PATCH", 1000}, {"PUT", 1000}, {"PUT", 1 << 20}};

    Result<void> push_to(const Case& slow, long reply_seconds, HttpServer::Handler answer) {
        SCOPED_TRACE(fmt::format("{} in chunks of {}", slow.method, slow.chunk));
        patches_ = 0;
        largest_ = content_.size();
        HttpServer server([&](const ServedRequest& request) {
            return request.method == slow.method ? answer(request) : serve(request);
        });
        StoreOptions usual = options(Access::push);
        usual.limits.times.reply = reply_seconds;
        usual.limits.chunk_size = slow.chunk;
        usual.limits.retry.attempts = 1;
        auto store = open_store({.host = server.host(), .repository = "t/tool"}, usual).value();
        return store->put_blob(blob_, MemorySource(as_bytes(content_)), {});
    }
};

TEST_F(LateAnswer, IsWaitedForLongerThanForContent) {
    for (const Case& slow : cases)
        expect_stored(push_to(slow, 10, [this](const ServedRequest& request) {
            std::this_thread::sleep_for(4s);
            return serve(request);
        }));
}

TEST_F(LateAnswer, IsNotWaitedForForEver) {
    for (const Case& slow : cases)
        for (const bool trickles : {false, true}) {
            const auto begin = std::chrono::steady_clock::now();
            const auto pushed = push_to(slow, 1, [&](const ServedRequest&) {
                HttpServer::Reply reply(trickles ? http_reply(201, "", std::string(1000, 'x')) : "");
                reply.stalls = true;
                reply.pause = trickles ? 100ms : 0ms;
                return reply;
            });
            ASSERT_FALSE(pushed);
            EXPECT_THAT(pushed.error().what, HasSubstr("no complete reply"));
            EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
        }
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

} // namespace
} // namespace ecc::test
