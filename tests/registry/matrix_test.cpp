// One artifact pushed by one client and read by another, for every kind of place and every pair of clients
// that know it. What is compared is the manifest's digest, of the bytes that each reader hands out.
//
// Left out, with the reason:
//  * skopeo 1.9 pushes no artifact of its own; it copies what another client made, and its own step is that
//  copy;
//  * crane reads and writes layouts by path, not by tag, and archives only in docker's format;
//  * oras reads tar archives but writes none;
//  * cosign signs and verifies: signatures_test.cpp.

#include "support/digest.h"
#include "tests/registry/clients.h"
#include "tests/registry/oras.h"
#include "tests/registry/registry_test.h"

#include <fmt/format.h>

namespace ecc::test {
namespace {

enum class Place { plain, basic, tls, referrers, layout, archive };

constexpr std::string_view place_names[] = {"plain", "basic", "tls", "referrers", "layout", "archive"};

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
            const nlohmann::json logins = {{"auths", {{registry_->host(), {{"auth", "dXNlcjpzZWNyZXQ="}}}}}};
            std::filesystem::create_directories(file(".docker"));
            write(".docker/config.json", as_bytes(logins.dump()));
            set("REGISTRY_AUTH_FILE", file(".docker/config.json"));
        } else if (GetParam() == Place::tls) {
            run_here({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj",
                      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
            start_registry({.certificate = file("cert.pem"), .key = file("key.pem")});
            set("SSL_CERT_FILE", file("cert.pem"));
        } else if (GetParam() == Place::plain || GetParam() == Place::referrers) {
            start_registry({.referrers = GetParam() == Place::referrers});
        }
    }

    bool is_registry() const { return registry_ != nullptr; }
    bool is_layout() const { return GetParam() == Place::layout; }
    /// oras takes loopback hosts for ones without TLS unless it is told.
    std::string plain_http(const std::string& option) const {
        return option + (GetParam() == Place::tls ? "=false" : "=true");
    }

    /// Where a client's copy is, as `ecc` and skopeo name it.
    std::string ours(const std::string& name) const {
        if (is_registry())
            return ref("t/" + name + ":1");
        return is_layout() ? "oci:" + name + ":1" : "oci-archive:" + name + ".tar:1";
    }
    std::string skopeos(const std::string& name) const {
        return (is_registry() ? "docker://" : "") + ours(name);
    }

    bool push(const std::string& client_name) {
        Command command;
        if (client_name == "ecc")
            command = {ECC_BINARY_DIR "/bin/ecc", "cp", "oci:origin:1", ours("ecc")};
        else if (client_name == "skopeo")
            command = {"skopeo",       "--insecure-policy", "copy", "--dest-tls-verify=false",
                       "oci:origin:1", skopeos("skopeo")};
        else if (client_name == "oras")
            command = oras_push();
        else if (is_registry())
            command = {client("crane"), "push", "--insecure", "origin", ref("t/crane:1")};
        if (command.empty())
            return false;
        Output output = run_here(command);
        EXPECT_EQ(output.status, 0) << client_name << ": " << output.err;
        return output.status == 0;
    }

    Command oras_push() {
        if (GetParam() == Place::archive)
            return {};
        Command command = {oras(), "cp", "--from-oci-layout", "origin:1"};
        if (is_layout())
            command.insert(command.end(), {"--to-oci-layout", "oras:1"});
        else
            command.insert(command.end(), {ref("t/oras:1"), plain_http("--to-plain-http")});
        return command;
    }

    /// The digest that a client sees; empty if it does not know such places.
    std::string read_by(const std::string& reader, const std::string& name) {
        Command command;
        if (reader == "ecc")
            command = {ECC_BINARY_DIR "/bin/ecc", "manifest", "fetch", ours(name)};
        else if (reader == "skopeo")
            command = {"skopeo", "inspect", "--raw", "--tls-verify=false", skopeos(name)};
        else if (reader == "oras")
            command = oras_fetch(name);
        else if (is_registry())
            command = {client("crane"), "manifest", "--insecure", ref("t/" + name + ":1")};
        if (command.empty())
            return {};
        Output output = run_here(command);
        EXPECT_EQ(output.status, 0) << reader << " reads what " << name << " pushed: " << output.err;
        return sha256_digest(as_bytes(output.out));
    }

    Command oras_fetch(const std::string& name) {
        Command command = {oras(), "manifest", "fetch"};
        if (!is_registry()) {
            command.insert(command.end(), {"--oci-layout", is_layout() ? name + ":1" : name + ".tar:1"});
            return command;
        }
        command.insert(command.end(), {plain_http("--plain-http"), ref("t/" + name + ":1")});
        return command;
    }

    std::string digest_;
};

TEST_P(Matrix, EveryClientReadsWhatEveryOtherPushed) {
    const char* clients[] = {"ecc", "oras", "skopeo", "crane"};
    int cells = 0;
    for (const char* writer : clients) {
        if (!push(writer))
            continue;
        for (const char* reader : clients) {
            const std::string seen = read_by(reader, writer);
            if (seen.empty())
                continue;
            EXPECT_EQ(seen, digest_) << reader << " reads what " << writer << " pushed";
            cells++;
        }
        EXPECT_EQ(ecc({"pull", ours(writer), "-o", "back.wasm"}).status, 0) << writer;
        EXPECT_EQ(read("back.wasm"), package_) << writer;
    }
    EXPECT_EQ(cells, is_registry() ? 16 : is_layout() ? 9 : 6);
}

INSTANTIATE_TEST_SUITE_P(Places, Matrix,
                         testing::Values(Place::plain, Place::basic, Place::tls, Place::referrers,
                                         Place::layout, Place::archive),
                         [](const auto& cell) {
                             return std::string(place_names[static_cast<int>(cell.param)]);
                         });

} // namespace
} // namespace ecc::test
