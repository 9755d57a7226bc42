// The same artifact through other people's clients: skopeo and oras.

#include "support/digest.h"
#include "tests/registry/oras.h"
#include "tests/registry/registry_test.h"
#include "tests/unit/package/samples.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::SizeIs;

class Interoperation : public RegistryTest {
protected:
    Output skopeo(Command arguments) {
        arguments.insert(arguments.begin(), {"skopeo", "--insecure-policy"});
        Output output = run_here(arguments);
        EXPECT_NE(output.status, 127) << "skopeo is missing; install the Debian package of that name";
        EXPECT_EQ(output.status, 0) << output.err;
        return output;
    }

    Output run_oras(Command arguments) {
        arguments.insert(arguments.begin(), oras());
        Output output = run_here(arguments);
        EXPECT_EQ(output.status, 0) << output.err << output.out;
        return output;
    }

    std::string push(const std::string& reference) {
        return ecc_json({"push", "tool.wasm", reference})["digest"].get<std::string>();
    }
};

TEST_F(Interoperation, SkopeoReadsTheManifest) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    Output raw = skopeo({"inspect", "--raw", "--tls-verify=false", "docker://" + ref("t/tool:1")});
    EXPECT_EQ(sha256_digest(as_bytes(raw.out)), digest);
    const json manifest = json::parse(raw.out);
    EXPECT_EQ(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    EXPECT_EQ(manifest["layers"][0]["mediaType"], "application/wasm");
}

TEST_F(Interoperation, SkopeoCopiesOutOfTheRegistry) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    const std::string from = "docker://" + ref("t/tool:1");
    skopeo({"copy", "--src-tls-verify=false", from, "dir:copy"});
    EXPECT_EQ(read("copy/" + sha256_digest(package_).substr(7)), package_);

    skopeo({"copy", "--src-tls-verify=false", from, "oci:shelf:1"});
    json pulled = ecc_json({"pull", "oci:shelf:1", "-o", "back.wasm"});
    EXPECT_EQ(pulled["digest"], digest);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Interoperation, SkopeoCopiesALayoutIntoTheRegistry) {
    start_registry();
    const std::string digest = push("oci:shelf:1");
    skopeo({"copy", "--dest-tls-verify=false", "oci:shelf:1", "docker://" + ref("t/tool:1")});
    json pulled = ecc_json({"pull", ref("t/tool:1"), "-o", "back.wasm"});
    EXPECT_EQ(pulled["digest"], digest);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Interoperation, OrasPullsTheIdenticalFile) {
    start_registry();
    push(ref("t/tool:1"));
    run_oras({"pull", "--plain-http", ref("t/tool:1"), "-o", "out"});
    EXPECT_EQ(read("out/opensnoop.wasm"), package_);
}

TEST_F(Interoperation, OrasResolvesTheSameDigest) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    EXPECT_EQ(run_oras({"resolve", "--plain-http", ref("t/tool:1")}).out, digest + "\n");
}

TEST_F(Interoperation, OrasPullsFromALayout) {
    push("oci:shelf:1");
    run_oras({"pull", "--oci-layout", "shelf:1", "-o", "out"});
    EXPECT_EQ(read("out/opensnoop.wasm"), package_);
}

TEST_F(Interoperation, WhatOrasPushedIsPulled) {
    start_registry();
    write("config.json", as_bytes(R"({"architecture":"wasm","os":"wasip1","layerDigests":[]})"));
    run_oras({"push", "--plain-http", ref("t/theirs:1"), "--config",
              "config.json:application/vnd.wasm.config.v0+json", "tool.wasm:application/wasm"});
    std::filesystem::rename(file("tool.wasm"), file("original.wasm"));
    Output pulled = ecc({"pull", ref("t/theirs:1")});
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_EQ(read("tool.wasm"), package_) << "under the name that oras gave it";
}

TEST_F(Interoperation, AForeignModuleIsPulledToo) {
    start_registry();
    write("plain.wasm", samples::module());
    run_oras({"push", "--plain-http", ref("t/plain:1"), "plain.wasm:application/wasm"});
    EXPECT_EQ(ecc({"pull", ref("t/plain:1"), "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), samples::module());
    EXPECT_EQ(ecc({"inspect", ref("t/plain:1")}).status, 1) << "but it is no package";
}

} // namespace
} // namespace ecc::test
