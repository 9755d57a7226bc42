// Registries that break off, lie, redirect and flood: nothing is believed, nothing is left behind, nothing
// leaks.

#include "packager/oci/wasm_artifact.h"
#include "support/digest.h"
#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

constexpr int input_fault = 1, environment_fault = 3, never_began = 125;
constexpr const char* oci_manifest = "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";
constexpr const char* credentials = "dXNlcjpzZWNyZXQ=";

class HostileServer : public RegistryTest {
protected:
    using Handler = HttpServer::Handler;

    /// Answers for the manifest as it should, and for the blob as `blob` says.
    Handler with_blob(Handler blob) {
        return [this, blob](const ServedRequest& request) -> HttpServer::Reply {
            if (request.target.find("/manifests/") != std::string::npos)
                return http_reply(200, oci_manifest, manifest_text_);
            if (request.target.find("/blobs/") != std::string::npos)
                return blob(request);
            return http_reply(404, "", "");
        };
    }

    Output pull(const HttpServer& server) { return ecc({"pull", server.host() + "/t/tool:1"}); }

    void expect_failure(const Output& output, int status, const std::string& part) {
        EXPECT_EQ(output.status, status) << output.err;
        EXPECT_THAT(output.err, HasSubstr(part));
        EXPECT_THAT(files(), ElementsAre("tool.wasm"));
    }

    void SetUp() override {
        RegistryTest::SetUp();
        manifest_ = make_wasm_artifact(package_, {.name = "tool2"}, std::nullopt).manifest();
        manifest_text_ = image_manifest_to_json(manifest_);
    }

    std::string whole() const { return std::string(as_text(package_)); }

    ImageManifest manifest_;
    std::string manifest_text_;
};

TEST_F(HostileServer, ThatAnswersRightIsPulledFrom) {
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    EXPECT_EQ(pull(server).status, 0);
    EXPECT_EQ(read("tool2.wasm"), package_);
}

TEST_F(HostileServer, ThatBreaksOffInsideTheLayer) {
    HttpServer server(with_blob([&](const auto&) {
        std::string reply = http_reply(200, "", whole());
        return reply.substr(0, reply.size() - package_.size() / 2);
    }));
    expect_failure(pull(server), environment_fault, "no complete reply from the registry");
    expect_failure(ecc({"pull", server.host() + "/t/tool:1", "-o", "x.wasm"}), environment_fault,
                   server.host());
    expect_failure(ecc({"run", server.host() + "/t/tool:1"}), never_began, server.host());
}

TEST_F(HostileServer, ThatSendsFewerBytesThanTheManifestSays) {
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole().substr(1)); }));
    expect_failure(pull(server), input_fault, "the manifest says");
}

TEST_F(HostileServer, ThatSendsMoreBytesThanTheManifestSays) {
    HttpServer server(
        with_blob([&](const auto&) { return http_reply(200, "", whole() + std::string(1 << 20, 'x')); }));
    expect_failure(pull(server), input_fault, "has more than the");
}

TEST_F(HostileServer, ThatSendsOtherBytes) {
    HttpServer server(
        with_blob([&](const auto&) { return http_reply(200, "", std::string(package_.size(), 'x')); }));
    expect_failure(pull(server), input_fault, "wrong digest");
}

TEST_F(HostileServer, ThatAnswersPartially) {
    HttpServer server(with_blob([&](const auto&) { return http_reply(206, "", whole()); }));
    expect_failure(pull(server), environment_fault, "answers 206");
}

TEST_F(HostileServer, ThatServesAnotherManifestThanTheDigestNames) {
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    const std::string digest = "sha256:" + std::string(64, '0');
    expect_failure(ecc({"pull", server.host() + "/t/tool@" + digest}), input_fault, "wrong digest");
}

TEST_F(HostileServer, ThatContradictsItselfAboutTheDigest) {
    HttpServer server([&](const auto&) {
        return http_reply(
            200, fmt::format("{}Docker-Content-Digest: sha256:{}\r\n", oci_manifest, std::string(64, '0')),
            manifest_text_);
    });
    expect_failure(pull(server), input_fault, "the registry says sha256:0000");
}

TEST_F(HostileServer, ThatFloodsTheManifest) {
    HttpServer server([&](const auto&) { return http_reply(200, oci_manifest, std::string(5 << 20, '[')); });
    expect_failure(pull(server), environment_fault, "larger than");
}

TEST_F(HostileServer, ThatListsMoreTagsThanAreReadIsToldOf) {
    HttpServer server([&](const auto&) {
        std::string tags;
        for (int i = 0; i < 100'001; i++)
            tags += fmt::format("{}\"t{}\"", i ? "," : "", i);
        return http_reply(200, "", fmt::format("{{\"tags\":[{}]}}", tags));
    });
    const Output output = ecc({"tags", server.host() + "/t/tool"});
    expect_failure(output, environment_fault, "has 100000 tags or more");
    EXPECT_EQ(std::ranges::count(output.out, '\n'), 100'000);
}

TEST_F(HostileServer, ThatFloodsTheHeaders) {
    HttpServer server([&](const auto&) {
        std::string headers;
        for (int i = 0; i < 100; i++)
            headers += fmt::format("X-{}: {}\r\n", i, std::string(8000, 'x'));
        return http_reply(200, headers, "{}");
    });
    expect_failure(pull(server), environment_fault, "bytes of headers");
}

TEST_F(HostileServer, ThatClaimsAHugeLayer) {
    manifest_.layers[0].size = std::uint64_t{1} << 60;
    manifest_text_ = image_manifest_to_json(manifest_);
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    expect_failure(pull(server), input_fault, "at most 256 MiB");
}

TEST_F(HostileServer, ThatNamesAFileOutsideTheFolder) {
    manifest_.layers[0].annotations[annotation::title] = "../../../tmp/evil/.bashrc";
    manifest_text_ = image_manifest_to_json(manifest_);
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    Output pulled = pull(server);
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_EQ(read("tool.wasm"), package_) << "the repository's name instead";
    EXPECT_THAT(files(), ElementsAre("tool.wasm"));
}

TEST_F(HostileServer, ThatServesNoWasmArtifact) {
    manifest_.layers[0].media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
    manifest_text_ = image_manifest_to_json(manifest_);
    HttpServer image(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    expect_failure(pull(image), input_fault, "layer application/vnd.oci.image.layer.v1.tar+gzip");
    HttpServer index([](const auto&) {
        return http_reply(200, "Content-Type: application/vnd.oci.image.index.v1+json\r\n",
                          R"({"schemaVersion":2,"manifests":[]})");
    });
    expect_failure(pull(index), input_fault, "found application/vnd.oci.image.index.v1+json");
    HttpServer web([](const auto&) { return http_reply(200, "Content-Type: text/html\r\n", "<html>"); });
    expect_failure(pull(web), input_fault, "found text/html");
}

TEST_F(HostileServer, ThatCallsAnythingWasm) {
    for (const std::string content : {"#!/bin/sh\necho no\n", "", "\\0as"}) {
        manifest_ = make_wasm_artifact(as_bytes(content), {.name = "tool2"}, std::nullopt).manifest();
        manifest_text_ = image_manifest_to_json(manifest_);
        HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", content); }));
        expect_failure(pull(server), input_fault, "is no WebAssembly");
        const Output piped = ecc({"pull", server.host() + "/t/tool:1", "-o", "-"});
        expect_failure(piped, input_fault, "is no WebAssembly");
        EXPECT_EQ(piped.out, "");
        expect_failure(ecc({"run", server.host() + "/t/tool:1"}), never_began, "is no WebAssembly");
    }
}

TEST_F(HostileServer, ThatFailsIsQuoted) {
    HttpServer server([](const auto&) {
        return http_reply(503, "", R"({"errors":[{"code":"UNAVAILABLE","message":"disk \u001b[2Jfull"}]})");
    });
    expect_failure(pull(server), environment_fault, "answers 503 when asked to send the manifest");
    EXPECT_THAT(pull(server).err, HasSubstr("disk \\x1b[2Jfull (UNAVAILABLE)"));
}

TEST_F(HostileServer, ThatIsNoRegistryTakesNothing) {
    HttpServer web([](const auto&) { return http_reply(200, "Content-Type: text/html\r\n", "<html>"); });
    const Output pushed = ecc({"push", "tool.wasm", web.host() + "/t/tool:1"});
    expect_failure(pushed, environment_fault, "answers 200 when asked to store the manifest: <html>");
    EXPECT_THAT(pushed.err, HasSubstr("try: check the address"));
}

TEST_F(HostileServer, ThatRedirectsForEver) {
    HttpServer server([](const ServedRequest& request) {
        return http_reply(307, "Location: " + request.target + "x\r\n", "");
    });
    const auto refused = pull(server);
    expect_failure(refused, environment_fault, server.host() + ": more than 10 redirects");
    EXPECT_THAT(refused.err, HasSubstr("try: check the address"));
    EXPECT_LT(server.requests().size(), 13u);
}

TEST_F(HostileServer, ThatRedirectsToOtherProtocols) {
    for (const char* location : {"file:///etc/passwd", "ftp://127.0.0.1/x", "https://user:pw@127.0.0.1/x"}) {
        HttpServer server(with_blob(
            [&](const auto&) { return http_reply(307, fmt::format("Location: {}\r\n", location), ""); }));
        expect_failure(pull(server), environment_fault, "is not a URL");
    }
}

TEST_F(HostileServer, ThatRedirectsToAnotherHostWithoutTls) {
    HttpServer server(
        with_blob([](const auto&) { return http_reply(307, "Location: http://192.0.2.1/x\r\n", ""); }));
    expect_failure(pull(server), environment_fault, "http://192.0.2.1/x would be fetched without TLS");
}

TEST_F(HostileServer, ThatNamesTagsByWhichTerminalsWouldAct) {
    const std::string names = "{\"tags\":[\"a\u009b2Jb\",\"c\u202ed\"]}";
    HttpServer server([&](const ServedRequest& request) {
        return request.target.ends_with("/tags/list") ? http_reply(200, "", names) : http_reply(404, "", "");
    });
    EXPECT_EQ(ecc({"tags", server.host() + "/t/tool"}).out, "a\\u009b2Jb\nc\\u202ed\n");
    EXPECT_THAT(ecc({"tags", "--json", server.host() + "/t/tool"}).out, HasSubstr("\"a\u009b2Jb\""))
        << "for programs";
    expect_failure(ecc({"pull", server.host() + "/t/tool:1"}), 1, "a\\u009b2Jb, c\\u202ed");
}

/// A proxy sees what is asked of hosts that are not there: 192.0.2.1 is reserved for documentation.
class Scheme : public HostileServer {
protected:
    ServedRequest asked(const Command& command) {
        HttpServer proxy([](const auto&) { return http_reply(503, "", ""); });
        set("https_proxy", "http://" + proxy.host());
        set("http_proxy", "http://" + proxy.host());
        EXPECT_EQ(ecc(command).status, environment_fault);
        auto requests = proxy.requests();
        return requests.empty() ? ServedRequest{} : requests[0];
    }
};

TEST_F(Scheme, IsHttpsForHostsThatAreNotLoopback) {
    ServedRequest request = asked({"pull", "192.0.2.1/t/tool:1"});
    EXPECT_EQ(request.method, "CONNECT");
    EXPECT_EQ(request.target, "192.0.2.1:443");
}

TEST_F(Scheme, IsHttpIfTheUserSaysSo) {
    EXPECT_EQ(asked({"pull", "--plain-http", "192.0.2.1/t/tool:1"}).target,
              "http://192.0.2.1/v2/t/tool/manifests/1");
}

TEST_F(Scheme, IsHttpForLoopbackHostsWithNobodyBehindHttps) {
    ASSERT_EQ(::geteuid(), 0u) << "port 80 is for root";
    HttpServer server([](const auto&) { return http_reply(200, "", R"({"tags":["1"]})"); }, {}, 1,
                      {"127.44.80.80", 80});
    EXPECT_EQ(ecc({"tags", "127.44.80.80/t/tool"}).out, "1\n");
    expect_failure(ecc({"tags", "127.44.80.81/t/tool"}), environment_fault, "no complete reply");
}

TEST_F(Scheme, OfDockerHubGoesToItsApiHost) {
    EXPECT_EQ(asked({"pull", "docker.io/t/tool:1"}).target, "registry-1.docker.io:443");
}

class Secrets : public HostileServer {
protected:
    void log_in(const HttpServer& server, const char* kind = "auth", const char* secret = credentials) {
        const auto file = logins_.path() / "auth.json";
        EXPECT_TRUE(write_file(file, as_bytes(fmt::format(R"({{"auths":{{"{}":{{"{}":"{}"}}}}}})",
                                                          server.host(), kind, secret))));
        set("REGISTRY_AUTH_FILE", file);
    }

    static bool has_login(const ServedRequest& request) { return request.headers.contains("authorization"); }

    TempDir logins_ = TempDir::make().value();
};

TEST_F(Secrets, StayWithTheHostWhenItRedirects) {
    HttpServer storage([&](const auto&) { return http_reply(200, "", whole()); });
    auto answer = with_blob([&](const auto&) {
        return http_reply(307, fmt::format("Location: http://{}/storage\r\n", storage.host()), "");
    });
    HttpServer server([&](const ServedRequest& request) -> HttpServer::Reply {
        return has_login(request) ? answer(request)
                                  : http_reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "");
    });
    log_in(server);
    Output pulled = pull(server);
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_EQ(read("tool2.wasm"), package_);
    ASSERT_EQ(storage.requests().size(), 1u);
    EXPECT_FALSE(has_login(storage.requests()[0]));
}

TEST_F(Secrets, AreNotForWhomTheRegistryRedirectsToIfThatOneAsks) {
    for (const char* challenge : {"Basic realm=\"x\"", "Bearer realm=\"http://{}/token\",scope=\"a:b:c\""})
        for (const char* kind : {"auth", "identitytoken"}) {
            HttpServer storage([&](const ServedRequest& request) {
                if (request.target.starts_with("/token"))
                    return http_reply(200, "", R"({"token":"t0ken"})");
                const auto value = fmt::format(fmt::runtime(challenge), request.headers.at("host"));
                return http_reply(401, fmt::format("WWW-Authenticate: {}\r\n", value), "");
            });
            HttpServer server(with_blob([&](const auto&) {
                return http_reply(307, fmt::format("Location: http://{}/storage\r\n", storage.host()), "");
            }));
            log_in(server, kind);
            const Output pulled = pull(server);
            expect_failure(pulled, environment_fault,
                           fmt::format("redirects to http://{}, which answers 401", storage.host()));
            ASSERT_EQ(storage.requests().size(), 1u);
            EXPECT_FALSE(has_login(storage.requests()[0]));
        }
}

TEST_F(Secrets, AreNotSentBeforeTheRegistryAsks) {
    HttpServer server(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    log_in(server);
    EXPECT_EQ(pull(server).status, 0);
    for (const ServedRequest& request : server.requests())
        EXPECT_FALSE(has_login(request)) << request.target;
}

TEST_F(Secrets, AreNotSentToUploadsElsewhere) {
    HttpServer elsewhere([](const auto&) { return http_reply(201, "", ""); });
    HttpServer server([&](const ServedRequest& request) {
        if (!has_login(request))
            return http_reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "");
        if (request.method == "POST")
            return http_reply(202, fmt::format("Location: http://{}/up?state=1\r\n", elsewhere.host()), "");
        return http_reply(request.method == "HEAD" ? 404 : 201, "", "");
    });
    log_in(server);
    Output pushed = ecc({"push", "tool.wasm", server.host() + "/t/tool:1"});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    ASSERT_EQ(elsewhere.requests().size(), 2u) << "config and layer";
    for (const ServedRequest& request : elsewhere.requests()) {
        EXPECT_FALSE(has_login(request));
        EXPECT_THAT(request.target, HasSubstr("/up?state=1&digest=sha256"));
    }
    const auto is_layer = [&](const ServedRequest& request) { return request.body == whole(); };
    EXPECT_EQ(std::ranges::count_if(elsewhere.requests(), is_layer), 1)
        << "config and layer come in either order";
}

class Token : public Secrets {
protected:
    /// A registry that wants tokens, and the token server in one.
    HttpServer::Handler handler(std::string challenge, std::string token_reply) {
        auto answer = with_blob([&](const auto&) { return http_reply(200, "", whole()); });
        return [=](const ServedRequest& request) -> HttpServer::Reply {
            if (request.target.starts_with("/token"))
                return http_reply(200, "", token_reply);
            auto login = request.headers.find("authorization");
            if (login != request.headers.end() && login->second == "Bearer t0ken")
                return answer(request);
            const std::string realm = "http://" + request.headers.at("host") + "/token";
            return http_reply(401, fmt::format(fmt::runtime(challenge), realm), "");
        };
    }

    static constexpr const char* bearer =
        "WWW-Authenticate: Bearer realm=\"{}\",service=\"reg\",scope=\"repository:t/tool:pull\"\r\n";

    /// The same registry, whose token server is at another address now.
    HttpServer::Handler moved(int status, const std::string& location) {
        return [status, location, answer = handler(bearer, "")](const ServedRequest& request) {
            return request.target.starts_with("/token")
                       ? http_reply(status, fmt::format("Location: {}\r\n", location), "")
                       : answer(request);
        };
    }

    std::string token_target(HttpServer& server) {
        for (const ServedRequest& request : server.requests())
            if (request.target.starts_with("/token"))
                return request.target;
        return "none";
    }
};

TEST_F(Token, IsFetchedFromTheRealmAndUsed) {
    HttpServer server(handler(bearer, R"({"token":"t0ken"})"));
    Output pulled = pull(server);
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_EQ(token_target(server), "/token?service=reg&scope=repository%3at%2ftool%3apull");
}

TEST_F(Token, MayBeCalledAccessToken) {
    HttpServer server(handler(bearer, R"({"access_token":"t0ken","expires_in":60})"));
    EXPECT_EQ(pull(server).status, 0);
}

TEST_F(Token, IsAskedForWithTheLoginAndForPushing) {
    HttpServer server(handler(bearer, R"({"token":"t0ken"})"));
    log_in(server);
    ecc({"push", "tool.wasm", server.host() + "/t/tool:1"});
    EXPECT_EQ(token_target(server), "/token?service=reg&scope=repository%3at%2ftool%3apull%2cpush");
    for (const ServedRequest& request : server.requests())
        if (request.target.starts_with("/token")) {
            EXPECT_EQ(request.headers.at("authorization"), std::string("Basic ") + credentials);
        }
}

TEST_F(Token, IsNotAskedForElsewhereWithAnIdentityToken) {
    for (int status : {301, 302, 303, 307, 308}) {
        HttpServer elsewhere([](const auto&) { return http_reply(200, "", R"({"token":"t0ken"})"); });
        HttpServer server(moved(status, fmt::format("http://{}/token", elsewhere.host())));
        log_in(server, "identitytoken");
        const Output pulled = pull(server);
        expect_failure(pulled, environment_fault,
                       status < 307 ? fmt::format("answers {} when asked for a token", status)
                                    : fmt::format("redirects a login to http://{}", elsewhere.host()));
        EXPECT_TRUE(elsewhere.requests().empty());
    }
}

TEST_F(Token, IsAskedForElsewhereOnlyWithoutThePassword) {
    for (int status : {302, 307}) {
        HttpServer elsewhere([](const auto&) { return http_reply(200, "", R"({"token":"t0ken"})"); });
        HttpServer server(moved(status, fmt::format("http://{}/token", elsewhere.host())));
        log_in(server);
        EXPECT_EQ(pull(server).status, 0);
        ASSERT_EQ(elsewhere.requests().size(), 1u);
        EXPECT_FALSE(has_login(elsewhere.requests()[0]));
    }
}

TEST_F(Token, ThatAnotherServerRefusesWithoutTheLoginIsNotTheLoginsFault) {
    for (int status : {302, 307}) {
        HttpServer elsewhere([](const auto&) { return http_reply(401, "", ""); });
        HttpServer server(moved(status, fmt::format("http://{}/token", elsewhere.host())));
        log_in(server);
        const Output refused = pull(server);
        expect_failure(refused, environment_fault,
                       fmt::format("redirects to http://{}, which answers 401 when asked for a token",
                                   elsewhere.host()));
        EXPECT_THAT(refused.err, HasSubstr("logins are for the token server that it names alone"));
        EXPECT_FALSE(has_login(elsewhere.requests().at(0)));
    }
}

TEST_F(Token, StaysWithTheHostWhenItRedirects) {
    HttpServer storage(with_blob([&](const auto&) { return http_reply(200, "", whole()); }));
    HttpServer server([&, answer = handler(bearer, R"({"token":"t0ken"})")](const ServedRequest& request) {
        return has_login(request)
                   ? http_reply(307, fmt::format("Location: http://{}{}\r\n", storage.host(), request.target),
                                "")
                   : answer(request);
    });
    const Output pulled = pull(server);
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    ASSERT_EQ(storage.requests().size(), 2u) << "manifest and layer";
    for (const ServedRequest& request : storage.requests())
        EXPECT_FALSE(has_login(request)) << "nobody's token is the registry's too";
}

TEST_F(Token, IsAskedForAtAnotherPathOfTheSameServer) {
    auto answer = handler(bearer, R"({"token":"t0ken"})");
    HttpServer server([&](const ServedRequest& request) {
        if (request.target.starts_with("/token") && request.target.find("moved") == std::string::npos)
            return HttpServer::Reply(http_reply(307, "Location: /token?moved\r\n", ""));
        return answer(request);
    });
    log_in(server, "identitytoken", "me");
    EXPECT_EQ(pull(server).status, 0);
    EXPECT_THAT(server.requests(),
                Contains(AllOf(Field(&ServedRequest::target, "/token?moved"),
                               Field(&ServedRequest::body, HasSubstr("refresh_token=me")))));
}

TEST_F(Token, ThatIsAbsentMalformedOrRefusedIsAnError) {
    for (const char* reply : {"", "{}", "[]", R"({"token":7})", R"({"token":"a\r\nX-Evil: 1"})"}) {
        HttpServer server(handler(bearer, reply));
        expect_failure(pull(server), environment_fault, "holds no token");
    }
    HttpServer server(handler(bearer, R"({"token":"other"})"));
    expect_failure(pull(server), environment_fault, "access to t/tool denied");
}

TEST_F(Token, IsNotFetchedFromOtherProtocols) {
    HttpServer server(handler("WWW-Authenticate: Bearer realm=\"file:///etc/passwd?{}\"\r\n", ""));
    expect_failure(pull(server), environment_fault, "is not a URL");
}

TEST_F(Token, IsNotFetchedFromNowhere) {
    HttpServer nowhere(handler("WWW-Authenticate: Bearer service=\"x\"\r\nX-Unused: {}\r\n", ""));
    expect_failure(pull(nowhere), environment_fault,
                   "127.0.0.1: wants a token and does not say where to get one");
    HttpServer path(handler("WWW-Authenticate: Bearer realm=\"/token\"\r\nX-Unused: {}\r\n", ""));
    expect_failure(pull(path), environment_fault,
                   "127.0.0.1: \"/token\", where it says that tokens are, is not a URL");
}

TEST_F(Token, OfTheFileIsSentAsItIs) {
    HttpServer server(handler(bearer, R"({"token":"other"})"));
    log_in(server, "registrytoken", "t0ken");
    EXPECT_EQ(pull(server).status, 0);
    EXPECT_EQ(token_target(server), "none");
}

TEST_F(Token, OfTheFileMayBeRefusedOrMalformed) {
    HttpServer server(handler(bearer, R"({"token":"t0ken"})"));
    log_in(server, "registrytoken", "old");
    expect_failure(pull(server), environment_fault, "access to t/tool denied");
    log_in(server, "registrytoken", "a\\r\\nX-Evil: 1");
    expect_failure(pull(server), environment_fault, "registrytoken is no token");
    EXPECT_EQ(token_target(server), "none");
}

TEST_F(Token, NeedsAChallengeThatIsKnown) {
    HttpServer server(handler("WWW-Authenticate: Negotiate\r\nX-Unused: {}\r\n", ""));
    expect_failure(pull(server), environment_fault, "no way to log in");
}

} // namespace
} // namespace ecc::test
