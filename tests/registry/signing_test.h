// The fixture of the tests of signatures and attestations: two pairs of keys, a package in a registry, and
// cosign.
#pragma once

#include "support/digest.h"
#include "tests/registry/clients.h"
#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"

#include <map>

namespace ecc::test {

inline constexpr const char* bundle_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr const char* manifest_type = "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char* index_type = "application/vnd.oci.image.index.v1+json";

/// What a registry has, by what the requests for it end in: a tag, a digest, or "referrers/DIGEST".
class RegistryContent {
public:
    /// Returns the descriptor.
    nlohmann::json add(const std::string& text, const char* media_type) {
        const std::string digest = sha256_digest(as_bytes(text));
        texts_[digest] = text;
        return {{"mediaType", media_type}, {"digest", digest}, {"size", text.size()}};
    }
    std::string& operator[](const std::string& name) { return texts_[name]; }
    void list_referrers(const std::string& subject, const nlohmann::json& entries) {
        const nlohmann::json list = {{"schemaVersion", 2}, {"mediaType", index_type}, {"manifests", entries}};
        texts_["referrers/" + subject] = list.dump();
    }

    /// The registry; it answers `absent` to what it does not have.
    HttpServer::Handler served(int absent = 404) const {
        return [content = *this, absent](const ServedRequest& request) -> HttpServer::Reply {
            const bool list = request.target.find("/referrers/") != std::string::npos;
            const std::string name = request.target.substr(request.target.rfind('/') + 1);
            const auto found = content.texts_.find((list ? "referrers/" : "") + name);
            if (found == content.texts_.end())
                return http_reply(absent, "", "");
            const std::string type = list ? index_type : manifest_type;
            return http_reply(200, "Content-Type: " + type + "\r\n", found->second);
        };
    }

private:
    std::map<std::string, std::string> texts_;
};

class SigningTest : public RegistryTest {
protected:
    void SetUp() override {
        RegistryTest::SetUp();
        set("COSIGN_PASSWORD", "secret");
        make_key("key");
        make_key("other");
    }

    void make_key(const std::string& name) {
        Output made = run_here({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                                "ec_paramgen_curve:P-256", "-out", name + ".pem"});
        ASSERT_EQ(made.status, 0) << made.err;
        made = run_here({"openssl", "pkey", "-in", name + ".pem", "-pubout", "-out", name + ".pub"});
        ASSERT_EQ(made.status, 0) << made.err;
    }

    void start_with_package(const RegistryOptions& options = {}) {
        start_registry(options);
        digest_ = ecc_json({"push", "tool.wasm", ref("t/tool:1")})["digest"];
    }

    Output sign(const std::string& reference, const std::string& key = "key.pem", Command more = {}) {
        Command command = {"sign", "--key", key, reference};
        command.insert(command.end(), more.begin(), more.end());
        return ecc(command);
    }
    Output verify(const std::string& reference, const std::string& key = "key.pub") {
        return ecc({"verify", "--key", key, reference});
    }

    /// What a registry has that got oci:shelf:1 and what refers to it.
    RegistryContent content_of_shelf() {
        RegistryContent content;
        for (const auto& blob : std::filesystem::directory_iterator(file("shelf/blobs/sha256")))
            content.add(std::string(as_text(read_file(blob.path()).value())), "");
        const nlohmann::json found = ecc_json({"discover", "oci:shelf:1"});
        content["1"] = content[found["digest"]];
        content.list_referrers(found["digest"], found["referrers"]);
        return content;
    }

    Output cosign(Command arguments) {
        arguments.insert(arguments.begin(), {client("cosign"), arguments.front(), "--allow-http-registry"});
        arguments.erase(arguments.begin() + 3);
        return run_here(arguments);
    }
    Output cosign_sign(const std::string& reference, Command more = {}) {
        Command command = {"sign", "--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false",
                           "-y"};
        command.insert(command.end(), more.begin(), more.end());
        command.push_back(reference);
        return cosign(command);
    }
    Output cosign_verify(const std::string& reference, const std::string& key = "key.pub") {
        return cosign({"verify", "--key", key, "--insecure-ignore-tlog=true", reference});
    }
    void make_cosign_key() {
        Output made = run_here({client("cosign"), "generate-key-pair"});
        ASSERT_EQ(made.status, 0) << made.err;
    }

    std::string digest_;
};

} // namespace ecc::test
