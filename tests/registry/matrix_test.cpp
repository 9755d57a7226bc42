// One artifact pushed by one client and read by another, for every kind of place and every pair of clients
// that know it. What is compared is the manifest's digest, of the bytes that each reader hands out. cosign
// reads and writes signatures. What a client cannot do is in the table `gaps`, with the reason.
//
// skopeo makes no artifact of its own; its push is a copy of what another client made. crane and oras make
// layouts and archives of what is in a registry.

#include "support/digest.h"
#include "tests/registry/clients.h"
#include "tests/registry/oras.h"
#include "tests/registry/registry_test.h"

#include <fmt/format.h>

namespace ecc::test {
namespace {

enum class Place { plain, basic, tokens, tls, referrers, layout, archive };

constexpr std::string_view place_names[] = {"plain",     "basic",  "tokens", "tls",
                                            "referrers", "layout", "archive"};

struct Gap {
    std::string_view client;
    Place place;
    std::string_view reason;
};

constexpr Gap gaps[] = {
    {"cosign", Place::layout, "it signs in registries alone; ecc signs here, too (signatures_test.cpp)"},
    {"cosign", Place::archive, "it signs in registries alone; ecc signs here, too (signatures_test.cpp)"},
    {"crane", Place::archive, "its tar files are docker's, with manifest.json in place of an OCI layout"},
};

bool is_gap(std::string_view client_name, Place place) {
    for (const Gap& gap : gaps)
        if (gap.client == client_name && gap.place == place) {
            fmt::print("{}: not {}: {}\n", place_names[static_cast<int>(place)], client_name, gap.reason);
            return true;
        }
    return false;
}

class Matrix : public RegistryTest, public testing::WithParamInterface<Place> {
protected:
    void SetUp() override {
        RegistryTest::SetUp();
        // The artifact that all clients move, byte for byte.
        ASSERT_EQ(ecc({"push", "tool.wasm", "oci:origin:1"}).status, 0);
        digest_ = ecc({"resolve", "oci:origin:1"}).out.substr(0, 71);
        start_place();
    }

    void start_place() {
        if (GetParam() == Place::basic) {
            write("htpasswd", as_bytes(run_here({"htpasswd", "-nbB", "user", "secret"}).out));
            start_registry({.htpasswd = file("htpasswd")});
            log_in();
        } else if (GetParam() == Place::tokens) {
            start_registry({.tokens = true});
            log_in();
        } else if (GetParam() == Place::tls) {
            run_here({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj",
                      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
            start_registry({.certificate = file("cert.pem"), .key = file("key.pem")});
            set("SSL_CERT_FILE", file("cert.pem"));
        } else {
            start_registry({.referrers = GetParam() == Place::referrers});
        }
        ASSERT_EQ(ecc({"cp", "oci:origin:1", ref("t/origin:1")}).status, 0);
    }

    void log_in() {
        const nlohmann::json logins = {{"auths", {{registry_->host(), {{"auth", "dXNlcjpzZWNyZXQ="}}}}}};
        std::filesystem::create_directories(file(".docker"));
        write(".docker/config.json", as_bytes(logins.dump()));
        set("REGISTRY_AUTH_FILE", file(".docker/config.json"));
    }

    bool is_layout() const { return GetParam() == Place::layout; }
    bool is_registry() const { return !is_layout() && GetParam() != Place::archive; }
    /// oras takes loopback hosts for ones without TLS unless it is told.
    std::string plain_http(const std::string& option) const {
        return option + (GetParam() == Place::tls ? "=false" : "=true");
    }

    /// Where a client's copy is, as `ecc` and skopeo name it. crane gives what it puts into a layout no tag.
    std::string ours(const std::string& name) const {
        if (is_registry())
            return ref("t/" + name + ":1");
        if (is_layout())
            return "oci:" + name + (name == "crane" ? "@" + digest_ : ":1");
        return "oci-archive:" + name + ".tar:1";
    }
    std::string skopeos(const std::string& name) const {
        if (is_layout() && name == "crane")
            return "oci:crane";
        return (is_registry() ? "docker://" : "") + ours(name);
    }

    bool push(const std::string& name) {
        const Output output = run_here(push_command(name));
        EXPECT_EQ(output.status, 0) << name << ": " << output.err;
        return output.status == 0;
    }

    Command push_command(const std::string& name) {
        if (name == "ecc")
            return {ECC_BINARY_DIR "/bin/ecc", "cp", "oci:origin:1", ours(name)};
        if (name == "skopeo")
            return {"skopeo",       "--insecure-policy", "copy", "--dest-tls-verify=false",
                    "oci:origin:1", skopeos(name)};
        if (name == "oras")
            return oras_push();
        if (is_layout())
            return {client("crane"), "pull", "--insecure", "--format=oci", ref("t/origin:1"), name};
        return {client("crane"), "push", "--insecure", "origin", ours(name)};
    }

    Command oras_push() {
        if (GetParam() == Place::archive)
            return {oras(), "backup", "--plain-http", "--output=oras.tar", ref("t/origin:1")};
        if (is_layout())
            return {oras(), "cp", "--from-oci-layout", "origin:1", "--to-oci-layout", "oras:1"};
        return {oras(), "cp", "--from-oci-layout", "origin:1", ours("oras"), plain_http("--to-plain-http")};
    }

    /// The digest that a client sees.
    std::string read_by(const std::string& reader, const std::string& name) {
        const bool pushes_on = reader == "crane" && is_layout();
        const Output output = run_here(pushes_on ? crane_push_on(name) : read_command(reader, name));
        EXPECT_EQ(output.status, 0) << reader << " reads what " << name << " pushed: " << output.err;
        if (pushes_on)
            return output.out.substr(output.out.find('@') + 1, digest_.size());
        return sha256_digest(as_bytes(output.out));
    }

    Command read_command(const std::string& reader, const std::string& name) {
        if (reader == "ecc")
            return {ECC_BINARY_DIR "/bin/ecc", "manifest", "fetch", ours(name)};
        if (reader == "skopeo")
            return {"skopeo", "inspect", "--raw", "--tls-verify=false", skopeos(name)};
        if (reader == "oras")
            return oras_fetch(name);
        return {client("crane"), "manifest", "--insecure", ours(name)};
    }

    /// Of a layout, crane shows nothing but pushes it, and then prints the digest.
    Command crane_push_on(const std::string& name) {
        return {client("crane"), "push", "--insecure", name, ref("t/from-" + name + ":1")};
    }

    Command oras_fetch(const std::string& name) {
        if (is_registry())
            return {oras(), "manifest", "fetch", plain_http("--plain-http"), ours(name)};
        return {oras(), "manifest", "fetch", "--oci-layout", ours(name).substr(ours(name).find(':') + 1)};
    }

    Output cosign(Command words) {
        words.insert(words.begin(), client("cosign"));
        words.insert(words.end(), {"--allow-http-registry", ours("ecc")});
        return run_here(words);
    }

    std::string digest_;
};

TEST_P(Matrix, EveryClientReadsWhatEveryOtherPushed) {
    std::vector<std::string> clients;
    for (const char* name : {"ecc", "oras", "skopeo", "crane"})
        if (!is_gap(name, GetParam()))
            clients.push_back(name);
    for (const std::string& writer : clients) {
        if (!push(writer))
            continue;
        for (const std::string& reader : clients)
            EXPECT_EQ(read_by(reader, writer), digest_) << reader << " reads what " << writer << " pushed";
        EXPECT_EQ(ecc({"pull", ours(writer), "-o", "back.wasm"}).status, 0) << writer;
        EXPECT_EQ(read("back.wasm"), package_) << writer;
    }
}

TEST_P(Matrix, EccAndCosignVerifyWhatEitherSigned) {
    if (is_gap("cosign", GetParam()))
        return;
    set("COSIGN_PASSWORD", "secret");
    for (const std::string signer : {"ecc", "cosign"}) {
        ASSERT_EQ(run_here({client("cosign"), "generate-key-pair"}).status,
                  0); // nobody else's signature counts
        ASSERT_TRUE(push("ecc"));
        const Output made = signer == "ecc" ? ecc({"sign", "--key", "cosign.key", ours("ecc")})
                                            : cosign({"sign", "--key", "cosign.key", "--tlog-upload=false",
                                                      "--use-signing-config=false", "-y"});
        ASSERT_EQ(made.status, 0) << signer << ": " << made.err;
        Output verified = ecc({"verify", "--key", "cosign.pub", ours("ecc")});
        EXPECT_EQ(verified.status, 0) << "ecc verifies what " << signer << " signed: " << verified.err;
        verified = cosign({"verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true"});
        EXPECT_EQ(verified.status, 0) << "cosign verifies what " << signer << " signed: " << verified.err;
        for (const char* key : {"cosign.key", "cosign.pub"})
            std::filesystem::remove(file(key));
    }
}

INSTANTIATE_TEST_SUITE_P(Places, Matrix,
                         testing::Values(Place::plain, Place::basic, Place::tokens, Place::tls,
                                         Place::referrers, Place::layout, Place::archive),
                         [](const auto& cell) {
                             return std::string(place_names[static_cast<int>(cell.param)]);
                         });

} // namespace
} // namespace ecc::test
