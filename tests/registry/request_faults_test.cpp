// What is asked again and what is not, for how long, and what is copied from a server that lies.

#include "packager/oci/copy.h"
#include "packager/oci/image_index.h"
#include "packager/oci/image_manifest.h"
#include "tests/registry/faults.h"

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::SizeIs;
using namespace std::chrono_literals;

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

TEST_F(Requests, CannotForgeLinesOfMessages) {
    for (const char* body : {R"({"errors":[{"code":"X","message":"a\nerror: b\r"}]})", "a\nerror: b\r"}) {
        HttpServer server([&](const auto&) { return http_reply(400, "", body); });
        auto asked = ask(server);
        ASSERT_FALSE(asked);
        EXPECT_THAT(asked.error().what, HasSubstr(R"(a error: b\x0d)"));
    }
    HttpServer tags([](const ServedRequest& request) {
        return request.target.ends_with("/tags/list") ? http_reply(200, "", R"({"tags":["a\nerror: b"]})")
                                                      : http_reply(404, "", "");
    });
    EXPECT_THAT(ask(tags).error().what, HasSubstr("the tags are a error: b"));
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
    HttpServer endless([page = 0](const auto&) mutable {
        return http_reply(200, fmt::format("Link: </v2/t/tool/tags/list?n={}>; rel=\"next\"\r\n", page++),
                          R"({"tags":["a"]})");
    });
    EXPECT_THAT(open(endless)->tags().error().what, HasSubstr("more than 1000 pages"));
}

TEST_F(Requests, KeepNoMoreOfAllPagesThanMemoryAllows) {
    const std::string ballast(7u << 20, 'x');
    for (const std::string& list :
         {fmt::format(R"({{"tags":["a"],"x":"{}"}})", ballast),
          fmt::format(R"({{"manifests":[],"annotations":{{"x":"{}"}},"schemaVersion":2}})", ballast)}) {
        HttpServer server([&, page = 0](const auto&) mutable {
            return http_reply(200,
                              fmt::format("Content-Type: {}\r\nLink: <?{}>; rel=\"next\"\r\n",
                                          media_type::image_index, page++),
                              list);
        });
        const auto store = open(server);
        const std::string digest = "sha256:" + std::string(64, 'a');
        const Error error = list.contains("tags") ? store->tags().error() : store->referrers(digest).error();
        EXPECT_EQ(error.fault, Fault::environment);
        EXPECT_THAT(error.what, HasSubstr("more than 64 MiB"));
        EXPECT_THAT(server.requests(), SizeIs(10));
    }
}

TEST_F(Requests, TakeNoTagsThatNoReferenceCouldName) {
    std::string tag(128, 'a');
    HttpServer server(
        [&](const auto&) { return http_reply(200, "", fmt::format(R"({{"tags":["{}"]}})", tag)); });
    EXPECT_THAT(open(server)->tags().value(), ElementsAre(tag));
    tag += 'a';
    EXPECT_THAT(open(server)->tags().error().what, HasSubstr("more than 128 characters"));
}

TEST_F(Requests, FollowNoPagesInACircle) {
    HttpServer server([](const ServedRequest& request) {
        const char* next = request.target.ends_with("last=b") ? "last=c" : "last=b";
        return http_reply(200, fmt::format("Link: <?{}>; rel=\"next\"\r\n", next), R"({"tags":["a"]})");
    });
    EXPECT_THAT(open(server)->tags().error().what, HasSubstr("lead in a circle"));
    EXPECT_THAT(server.requests(), SizeIs(3));
}

TEST_F(Requests, FindTheNextPageAmongSeveralLinks) {
    HttpServer server([](const ServedRequest& request) {
        if (request.target.ends_with("last=b"))
            return http_reply(200, "", R"({"tags":["c"]})");
        return http_reply(200,
                          "Link: <http://192.0.2.1/x>; rel=\"prev\"\r\n"
                          "Link: <?last=a>; rel=\"first\", <?last=b>; rel=\"next\"\r\n",
                          R"({"tags":["b"]})");
    });
    EXPECT_THAT(open(server)->tags().value(), ElementsAre("b", "c"));
}

TEST_F(Requests, FollowPagesOnlyOfTheSameHost) {
    HttpServer other([](const auto&) { return http_reply(200, "", R"({"tags":["b"]})"); });
    for (const std::string& target : {std::string("file:///etc/passwd"), "http://" + other.host() + "/x"}) {
        HttpServer server([&](const auto&) {
            return http_reply(200, fmt::format("Link: <{}>; rel=\"next\"\r\n", target), R"({"tags":["a"]})");
        });
        EXPECT_FALSE(open(server)->tags()) << target;
    }
    EXPECT_THAT(other.requests(), SizeIs(0));
}

/// A registry that keeps lists of referrers under fallback tags alone.
class FallbackTag : public Requests {
protected:
    std::string subject_ = sha256_digest(as_bytes(std::string_view("subject")));
    std::string index_with(const std::vector<Descriptor>& manifests) {
        return image_index_to_json({.manifests = manifests});
    }
    /// Stores a manifest that refers to the subject.
    Result<void> store(const HttpServer& server) {
        return open(server, Access::push)->put_manifest(manifest_, ours_, "");
    }
    /// Deletes it again.
    Result<void> remove(const HttpServer& server) {
        return open(server, Access::remove)
            ->delete_manifest({std::string(media_type::image_manifest), ours_});
    }
    bool is_fallback(const ServedRequest& request) const {
        return request.target.ends_with("/manifests/sha256-" + subject_.substr(7));
    }
    static std::string index_reply(const std::string& text, const std::string& etag = {}) {
        const std::string version = etag.empty() ? "" : "ETag: " + etag + "\r\n";
        return http_reply(200, fmt::format("Content-Type: {}\r\n{}", media_type::image_index, version), text);
    }

    const std::string ours_ = image_manifest_to_json(
        {.config = blob_,
         .layers = {},
         .subject = Descriptor{
             .media_type = std::string(media_type::image_manifest), .digest = subject_, .size = 7}});
    const Descriptor manifest_ = describe(media_type::image_manifest, as_bytes(ours_));
    const Descriptor theirs_ = describe(media_type::image_manifest, as_bytes(std::string_view("theirs")));
};

TEST_F(FallbackTag, IsReadIfTheRegistryKnowsNoReferrers) {
    const Descriptor referrer = describe(media_type::image_manifest, as_bytes(std::string_view("{}")));
    for (std::string reply :
         {http_reply(404, "", ""), http_reply(400, "", ""), http_reply(405, "", ""), http_reply(501, "", ""),
          http_reply(200, "Content-Type: text/html\r\n", "<html>"), http_reply(200, "", index_with({}))}) {
        HttpServer server([&](const ServedRequest& request) {
            if (request.target.find("/referrers/") != std::string::npos)
                return reply;
            return is_fallback(request) ? index_reply(index_with({referrer})) : http_reply(404, "", "");
        });
        EXPECT_THAT(open(server)->referrers(subject_).value(), SizeIs(1)) << reply;
    }
}

TEST_F(FallbackTag, IsNotReadIfTheRegistryFailsOrRefuses) {
    for (int status : {403, 500}) {
        HttpServer server([&](const ServedRequest& request) {
            return is_fallback(request) ? index_reply(index_with({})) : http_reply(status, "", "");
        });
        EXPECT_FALSE(open(server)->referrers(subject_)) << status;
    }
}

TEST_F(FallbackTag, KeepsWhatOtherClientsWriteAtTheSameTime) {
    std::string index = index_with({});
    int written = 0;
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "GET")
            return is_fallback(request) ? index_reply(index) : http_reply(404, "", "");
        if (is_fallback(request)) // another client's list takes the place of the first one
            index = written++ == 0 ? index_with({theirs_}) : request.body;
        return http_reply(201, "", "");
    });
    const auto stored = store(server);
    ASSERT_TRUE(stored) << stored.error().what;
    EXPECT_THAT(index, AllOf(HasSubstr(theirs_.digest), HasSubstr(manifest_.digest)));
}

TEST_F(FallbackTag, KeepsWhatOtherClientsWriteLater) {
    std::string index = index_with({});
    int read = 0;
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "GET" && is_fallback(request) && read++ == 2) // after ours was seen once
            index = index_with({theirs_, theirs_});
        if (request.method == "GET")
            return is_fallback(request) ? index_reply(index) : http_reply(404, "", "");
        if (is_fallback(request))
            index = read == 1 ? index_with({theirs_, manifest_}) : request.body;
        return http_reply(201, "", "");
    });
    const auto stored = store(server);
    ASSERT_TRUE(stored) << stored.error().what;
    EXPECT_THAT(index, AllOf(HasSubstr(theirs_.digest), HasSubstr(manifest_.digest)));
}

TEST_F(FallbackTag, IsGivenUpIfOtherClientsNeverStop) {
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "GET")
            return is_fallback(request) ? index_reply(index_with({theirs_})) : http_reply(404, "", "");
        return http_reply(201, "", "");
    });
    const auto stored = store(server);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().fault, Fault::environment);
    EXPECT_THAT(stored.error().what, HasSubstr("other clients keep replacing"));
    EXPECT_THAT(waits_, Each(AllOf(Ge(100ms), Le(6s))));
}

TEST_F(FallbackTag, IsReplacedOnConditionWhereTheRegistryKnowsThem) {
    std::string index = index_with({}), etag = "\"1\"";
    std::vector<std::string> conditions;
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "GET")
            return is_fallback(request) ? index_reply(index, etag) : http_reply(404, "", "");
        if (!is_fallback(request))
            return http_reply(201, "", "");
        conditions.push_back(request.headers.contains("if-match") ? request.headers.at("if-match") : "");
        if (conditions.size() == 1) { // another client was faster
            index = index_with({theirs_});
            etag = "\"2\"";
        }
        if (conditions.back() != etag)
            return http_reply(412, "", "");
        index = request.body;
        return http_reply(201, "", "");
    });
    const auto stored = store(server);
    ASSERT_TRUE(stored) << stored.error().what;
    EXPECT_THAT(conditions, ElementsAre("\"1\"", "\"2\""));
    EXPECT_THAT(index, AllOf(HasSubstr(theirs_.digest), HasSubstr(manifest_.digest)));
}

TEST_F(FallbackTag, IsReplacedWithoutAConditionThatCannotBeMet) {
    for (const char* etag : {"W/\"1\"", "\"1\""}) {
        std::string index = index_with({theirs_});
        HttpServer server([&](const ServedRequest& request) {
            if (request.method == "GET")
                return is_fallback(request) ? index_reply(index, etag) : http_reply(404, "", "");
            if (request.headers.contains("if-match"))
                return http_reply(412, "", "");
            if (is_fallback(request))
                index = request.body;
            return http_reply(201, "", "");
        });
        const auto stored = store(server);
        ASSERT_TRUE(stored) << stored.error().what;
        EXPECT_THAT(index, AllOf(HasSubstr(theirs_.digest), HasSubstr(manifest_.digest)));
    }
}

TEST_F(FallbackTag, KeepsAManifestThatTheRegistryDoesNotDelete) {
    for (int status : {403, 405, 500}) {
        HttpServer server([&](const ServedRequest& request) {
            if (request.method == "DELETE")
                return http_reply(status, "", "");
            return is_fallback(request) ? index_reply(index_with({manifest_})) : http_reply(201, "", "");
        });
        EXPECT_FALSE(remove(server)) << status;
        for (const ServedRequest& request : server.requests())
            EXPECT_NE(request.method, "PUT") << request.target;
    }
}

TEST_F(Requests, ToDeleteMayBeDisabled) {
    HttpServer server([](const auto&) { return http_reply(405, "", ""); });
    const auto store = open(server, Access::remove);
    const StoredManifest manifest{std::string(media_type::image_manifest), "{}"};
    for (const auto& refused : {store->delete_manifest(manifest), store->delete_blob(blob_.digest)}) {
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().what, HasSubstr("answers 405 when asked to delete"));
        EXPECT_THAT(refused.error().hint, AllOf(HasSubstr("deletion is disabled there"),
                                                HasSubstr("REGISTRY_STORAGE_DELETE_ENABLED=true")));
    }
}

TEST_F(FallbackTag, LosesAManifestThatIsDeletedAlready) {
    for (int status : {202, 404}) {
        std::string index = index_with({theirs_, manifest_});
        HttpServer server([&](const ServedRequest& request) {
            if (request.method == "DELETE")
                return http_reply(status, "", "");
            if (request.method == "PUT" && is_fallback(request))
                index = request.body;
            return request.method == "PUT" ? http_reply(201, "", "")
                   : is_fallback(request)  ? index_reply(index)
                                           : http_reply(404, "", "");
        });
        EXPECT_EQ(remove(server).has_value(), status == 202);
        EXPECT_EQ(index, index_with({theirs_}));
    }
}

TEST_F(FallbackTag, IsNamedIfItKeepsADeletedManifest) {
    HttpServer server([&](const ServedRequest& request) {
        if (request.method == "GET" && is_fallback(request))
            return index_reply(index_with({manifest_}));
        return http_reply(request.method == "DELETE" ? 202 : 403, "", "");
    });
    const auto removed = remove(server);
    ASSERT_FALSE(removed);
    EXPECT_THAT(removed.error().what,
                AllOf(HasSubstr(manifest_.digest + " is deleted"), HasSubstr("sha256-" + subject_.substr(7)),
                      HasSubstr("still names it: access to t/tool denied")));
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
