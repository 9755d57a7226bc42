// Blobs that the registry has in another repository are mounted from there, not sent again; what a registry
// answers instead, too, leads to a whole artifact.

#include "packager/oci/wasm_artifact.h"
#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"

#include <fmt/format.h>
#include <set>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Mounts : public RegistryTest {
protected:
    void SetUp() override {
        RegistryTest::SetUp();
        start_registry({.notes_requests = true});
        ASSERT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    }
};

TEST_F(Mounts, SendNoBlobAgain) {
    const std::size_t before = registry_->requests().size();
    ASSERT_EQ(ecc({"cp", ref("t/tool:1"), ref("u/copy:1")}).status, 0);
    auto requests = registry_->requests();
    requests.erase(requests.begin(), requests.begin() + static_cast<std::ptrdiff_t>(before));
    EXPECT_THAT(requests, Contains(AllOf(StartsWith("POST /v2/u/copy/blobs/uploads/?"),
                                         HasSubstr("mount=sha256"), HasSubstr("from=t%2ftool")))
                              .Times(2))
        << "config and layer";
    EXPECT_THAT(requests, Each(Not(AllOf(HasSubstr("/blobs/sha256"), StartsWith("GET")))));
    EXPECT_THAT(requests, Each(Not(AllOf(HasSubstr("/uploads/"), testing::MatchesRegex("(PUT|PATCH) .*")))));
    EXPECT_EQ(ecc({"pull", ref("u/copy:1"), "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
}

/// A registry that answers `status` to every mount; it has t/tool, and notes the blobs that it gets.
class Declining {
public:
    Declining(const Artifact& artifact, ByteView layer, int status)
        : manifest_(image_manifest_to_json(artifact.manifest())),
          config_digest_(artifact.config.descriptor.digest), layer_(as_text(layer)), status_(status) {
        static_cast<void>(pour(*artifact.config.content, [this](ByteView bytes) -> Result<void> {
            config_ += as_text(bytes);
            return {};
        }));
    }

    std::string answer(const ServedRequest& request) {
        if (request.method == "HEAD")
            return http_reply(404, "", "");
        if (request.method == "GET")
            return content(request.target);
        if (request.target.find("mount=") != std::string::npos)
            return http_reply(status_, "Location: /up/unused\r\n", "");
        if (request.method == "PUT" && request.target.starts_with("/up/1"))
            stored_.push_back(request.body);
        return http_reply(request.method == "POST" ? 202 : 201, "Location: /up/1\r\n", "");
    }

    bool has_all() const { return std::set(stored_.begin(), stored_.end()) == std::set{config_, layer_}; }

private:
    std::string content(const std::string& target) const {
        if (target.find("/manifests/") != std::string::npos)
            return http_reply(200, fmt::format("Content-Type: {}\r\n", media_type::image_manifest),
                              manifest_);
        return http_reply(200, "", target.ends_with(config_digest_) ? config_ : layer_);
    }

    std::string manifest_, config_, config_digest_, layer_;
    int status_;
    std::vector<std::string> stored_;
};

TEST_F(Mounts, ThatAreDeclinedBecomeUploads) {
    const Artifact artifact = make_wasm_artifact(package_, {.name = "tool2"}, std::nullopt);
    for (int status : {202, 400, 403, 404, 405}) {
        SCOPED_TRACE(status);
        Declining registry(artifact, package_, status);
        HttpServer server([&](const ServedRequest& request) { return registry.answer(request); });
        const Output copied = ecc({"cp", server.host() + "/t/tool:1", server.host() + "/u/copy:1"});
        EXPECT_EQ(copied.status, 0) << copied.err;
        EXPECT_TRUE(registry.has_all());
    }
}

/// Gives tokens for one repository only.
std::string token_for_one(const ServedRequest& request) {
    const bool source = request.target.find("t%2ftool") != std::string::npos;
    const bool target = request.target.find("u%2fcopy") != std::string::npos;
    return source == target ? http_reply(403, "", "")
                            : http_reply(200, "", source ? R"({"token":"source"})" : R"({"token":"target"})");
}

TEST_F(Mounts, ForWhichNoTokenIsGivenBecomeUploads) {
    const Artifact artifact = make_wasm_artifact(package_, {.name = "tool2"}, std::nullopt);
    for (const char* scope : {"", ",scope=\"repository:t/tool:pull repository:u/copy:pull,push\""})
        for (int status : {202, 401, 403}) {
            SCOPED_TRACE(status);
            Declining registry(artifact, package_, status);
            HttpServer server([&](const ServedRequest& request) {
                if (request.target.starts_with("/token"))
                    return token_for_one(request);
                const bool source = request.target.starts_with("/v2/t/tool/");
                const auto token = request.headers.find("authorization");
                if (token != request.headers.end() &&
                    token->second == (source ? "Bearer source" : "Bearer target"))
                    return registry.answer(request);
                const bool mounts = request.target.find("mount=") != std::string::npos;
                return http_reply(401,
                                  fmt::format("WWW-Authenticate: Bearer realm=\"http://{}/token\"{}\r\n",
                                              request.headers.at("host"), mounts ? scope : ""),
                                  "");
            });
            const Output copied = ecc({"cp", server.host() + "/t/tool:1", server.host() + "/u/copy:1"});
            EXPECT_EQ(copied.status, 0) << copied.err;
            EXPECT_TRUE(registry.has_all());
        }
}

} // namespace
} // namespace ecc::test
