// From a verified signature to the run: nothing that changes in between is run, with a registry and without.

#include "support/digest.h"
#include "tests/registry/http_server.h"
#include "tests/registry/signing_test.h"
#include "tests/unit/package/samples.h"

#include <algorithm>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr int never_began = 125;

/// Says what it was started with and what it may do with the first file among it. Stands where ecc-run would.
constexpr const char* probe = R"(#!/bin/sh
printf 'word %s\n' "$@"
for file in "$1" $(printf '%s\n' "$@" | grep '^/proc/self/fd/'); do
    (printf x >> "$file") 2>/dev/null && echo "appended to $file"
    (printf x 1<> "$file") 2>/dev/null && echo "wrote to $file"
    (: > "$file") 2>/dev/null && echo "truncated $file"
done
cat "$1" > handed-over.wasm
)";

class TrustOfWhatIsFetched : public SigningTest {
protected:
    /// `ecc` in a folder with the probe beside it.
    Output run_with_probe(Command arguments) {
        fs::create_directories(file("bin"));
        fs::copy_file(ECC_BINARY_DIR "/bin/ecc", file("bin/ecc"), fs::copy_options::overwrite_existing);
        write("bin/ecc-run", as_bytes(probe));
        fs::permissions(file("bin/ecc-run"), fs::perms::owner_all);
        arguments.insert(arguments.begin(), file("bin/ecc").string());
        return run_here(arguments);
    }
    Output ecc_run(Command arguments) {
        arguments.insert(arguments.begin(), ECC_BINARY_DIR "/bin/ecc-run");
        return run_here(arguments);
    }
    std::string layer_digest() const { return sha256_digest(package_); }

    /// A module that ends at once with 0, signed in the layout oci:shelf:1, and in ok.wasm.
    void sign_runnable() {
        const Bytes module = {0, 'a', 's', 'm', 1,   0,   0,   0,   1, 4, 1,   0x60, 0,   0,   3,   2,   1,
                              0, 5,   3,   1,   0,   1,   7,   19,  2, 6, 'm', 'e',  'm', 'o', 'r', 'y', 2,
                              0, 6,   '_', 's', 't', 'a', 'r', 't', 0, 0, 10,  4,    1,   2,   0,   0x0b};
        package_ = write_package(module, {.manifest = {.name = "ok", .license = "GPL"}}).value();
        write("ok.wasm", package_);
        ASSERT_EQ(ecc({"push", "ok.wasm", "oci:shelf:1"}).status, 0);
        ASSERT_EQ(sign("oci:shelf:1").status, 0);
    }
    Output run_offline(const std::string& key = "key.pub") {
        return ecc_run({"--bundle", "ok.sig.json", "--verify-key", key, "ok.wasm"});
    }
};

TEST_F(TrustOfWhatIsFetched, IsHandedOverInFilesThatNobodyCanChange) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    const Output output =
        run_with_probe({"run", "--verify-key", "key.pub", ref("t/tool:1"), "--stats", "--", "arg"});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("word --expect-digest\nword " + layer_digest() + "\nword --bundle\n"));
    EXPECT_THAT(output.out, HasSubstr("word --verify-key\nword /proc/self/fd/"));
    EXPECT_THAT(output.out, HasSubstr("word --stats\nword --\nword arg\n"));
    for (const char* change : {"appended", "wrote", "truncated"})
        EXPECT_THAT(output.out, Not(HasSubstr(change)));
    EXPECT_EQ(read("handed-over.wasm"), package_);
}

TEST_F(TrustOfWhatIsFetched, IsHandedOverWithItsDigestEvenIfNobodySigned) {
    start_with_package();
    const Output output = run_with_probe({"run", "--signatures", ref("t/tool:1")});
    EXPECT_THAT(output.out, HasSubstr("word --expect-digest\nword " + layer_digest() + "\n"));
    EXPECT_THAT(output.out, Not(HasSubstr("--bundle")));
}

TEST_F(TrustOfWhatIsFetched, IsNotBrokenByATagThatMovesAfterVerification) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:1").status, 0);
    auto evil = samples::package();
    evil.manifest.description = "evil";
    write("evil.wasm", write_package(samples::module(), evil).value());
    const std::string evil_digest = ecc_json({"push", "evil.wasm", "oci:shelf:2"})["digest"];
    const json signed_one = ecc_json({"discover", "oci:shelf:1"});
    const std::string good_digest = signed_one["digest"];
    json referrers = {{"schemaVersion", 2}, {"mediaType", "application/vnd.oci.image.index.v1+json"}};
    json entry = signed_one["referrers"][0];
    entry.erase("reference");
    entry.erase("referrers");
    referrers["manifests"] = {entry};

    std::atomic<int> asked = 0;
    HttpServer server([&](const ServedRequest& request) -> HttpServer::Reply {
        std::string name = request.target.substr(request.target.rfind('/') + 1);
        if (request.target.find("/referrers/") != std::string::npos)
            return http_reply(200, "Content-Type: application/vnd.oci.image.index.v1+json\r\n",
                              referrers.dump());
        if (name == "1")
            name = asked++ == 0 ? good_digest : evil_digest;
        if (!name.starts_with("sha256:"))
            return http_reply(200, "", "");
        const std::string body(as_text(read("shelf/blobs/sha256/" + name.substr(7))));
        return http_reply(200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", body);
    });
    const Output output = ecc({"pull", "--verify-key", "key.pub", server.host() + "/t/tool:1", "-o", "x.wasm",
                               "--bundle", "x.sig.json"});
    ASSERT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(read("x.wasm"), package_);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(ecc({"pull", "--verify-key", "key.pub", server.host() + "/t/tool:1", "-o", "y.wasm"}).status, 1)
        << "what the tag names now is not signed";
    EXPECT_FALSE(fs::exists(file("y.wasm")));
}

TEST_F(TrustOfWhatIsFetched, RefusesALayerThatWasChanged) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    Bytes damaged = package_;
    damaged.back() ^= 1;
    ASSERT_TRUE(write_file(registry_->blob_file(layer_digest()), damaged));
    const Output output = run_with_probe({"run", "--verify-key", "key.pub", ref("t/tool:1")});
    EXPECT_EQ(output.status, never_began);
    EXPECT_THAT(output.err, HasSubstr("wrong digest"));
    EXPECT_THAT(output.out, Not(HasSubstr("word")));
}

TEST_F(TrustOfWhatIsFetched, RefusesOtherKeysAndNoSignature) {
    start_with_package();
    const auto run_with = [&](const std::string& key) {
        return run_with_probe({"run", "--verify-key", key, ref("t/tool:1")});
    };
    EXPECT_THAT(run_with("key.pub").err, HasSubstr("is not signed"));
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    for (const char* key : {"other.pub", "key.pem", "absent.pub", "tool.wasm"}) {
        const Output output = run_with(key);
        EXPECT_EQ(output.status, never_began) << key;
        EXPECT_THAT(output.out, Not(HasSubstr("word"))) << key;
    }
}

TEST_F(TrustOfWhatIsFetched, EndsInARunOfWhatWasSigned) {
    sign_runnable();
    const Output output = ecc({"run", "--verify-key", "key.pub", "oci:shelf:1"});
    EXPECT_EQ(output.status, 0) << output.err;
    ASSERT_EQ(ecc({"push", "ok.wasm", "oci:shelf:old"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:old", "other.pem", {"--legacy"}).status, 0);
    EXPECT_EQ(ecc({"run", "--verify-key", "other.pub", "oci:shelf:old"}).status, 0) << "of the older kind";
}

TEST_F(TrustOfWhatIsFetched, IsTakenAlongWithItsSignatures) {
    sign_runnable();
    const Output pulled = ecc({"pull", "oci:shelf:1", "--bundle", "ok.sig.json"});
    ASSERT_EQ(pulled.status, 0) << pulled.err;
    const Output output = run_offline();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(run_offline("other.pub").err, HasSubstr("no signature is by this key"));
    Bytes changed = package_;
    changed.back() ^= 1;
    write("ok.wasm", changed);
    EXPECT_THAT(run_offline().err, HasSubstr("is about another package"));
}

TEST_F(TrustOfWhatIsFetched, IsNotReplacedByItsSignatures) {
    sign_runnable();
    for (const char* same : {"x.wasm", "./x.wasm"}) {
        const Output output = ecc({"pull", "oci:shelf:1", "-o", "x.wasm", "--bundle", same});
        EXPECT_EQ(output.status, 2) << output.err;
        EXPECT_FALSE(fs::exists(file("x.wasm")));
    }
}

TEST_F(TrustOfWhatIsFetched, IsTakenAlongWithSignaturesOfCosign) {
    sign_runnable();
    start_registry();
    make_cosign_key();
    ASSERT_EQ(ecc({"push", "ok.wasm", ref("t/ok:1")}).status, 0);
    ASSERT_EQ(cosign_sign(ref("t/ok:1")).status, 0);
    ASSERT_EQ(ecc({"pull", ref("t/ok:1"), "--verify-key", "cosign.pub", "--bundle", "ok.sig.json"}).status,
              0);
    const Output output = run_offline("cosign.pub");
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(TrustOfWhatIsFetched, HasSignaturesThatCosignReadsInTheFile) {
    sign_runnable();
    ASSERT_EQ(ecc({"pull", "oci:shelf:1", "--bundle", "ok.sig.json"}).status, 0);
    const json saved = json::parse(as_text(read("ok.sig.json")));
    write("bundle.json", as_bytes(saved["signatures"][0].dump()));
    const Output manifest = ecc({"manifest", "fetch", "oci:shelf:1"});
    write("manifest.json", as_bytes(manifest.out));
    const Output verified = run_here(
        {client("cosign"), "verify-blob-attestation", "--key", "key.pub", "--bundle", "bundle.json", "--type",
         "https://sigstore.dev/cosign/sign/v1", "--insecure-ignore-tlog=true", "manifest.json"});
    EXPECT_EQ(verified.status, 0) << verified.err;
}

TEST_F(TrustOfWhatIsFetched, IsShownToAPolicyOfSignersOnRequest) {
    sign_runnable();
    write("policy.toml", as_bytes("version = 1\n[only]\nsigners = [\"me\"]\n[[signer]]\nname = \"me\"\nkey = "
                                  "\"\"\"\n" +
                                  std::string(as_text(read("key.pub"))) + "\"\"\"\n"));
    const Output refused = ecc({"run", "oci:shelf:1", "--policy", "policy.toml"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_THAT(refused.err, HasSubstr("not known to be signed by me"));
    EXPECT_THAT(refused.err, HasSubstr("try: `ecc run --signatures REF`"));
    const Output shown = ecc({"run", "--signatures", "oci:shelf:1", "--policy", "policy.toml"});
    EXPECT_EQ(shown.status, 0) << shown.err;
}

TEST_F(TrustOfWhatIsFetched, IsVerifiedBeforeAnImageOfItRuns) {
    sign_runnable();
    for (const char* format : {"ecli", "compat", "container"}) {
        ASSERT_EQ(ecc({"push", "ok.wasm", "oci:images:1", "--format", format}).status, 0);
        EXPECT_EQ(ecc({"run", "--verify-key", "key.pub", "oci:images:1"}).status, 125) << format;
        ASSERT_EQ(sign("oci:images:1").status, 0);
        const Output output = ecc({"run", "--verify-key", "key.pub", "oci:images:1"});
        EXPECT_EQ(output.status, 0) << format << output.err;
        const Output bundle = ecc({"pull", "oci:images:1", "-o", "x.wasm", "--bundle", "x.sig.json"});
        EXPECT_EQ(bundle.status, std::string(format) == "ecli" ? 0 : 1);
        if (bundle.status != 0) {
            EXPECT_THAT(bundle.err, HasSubstr("of the image, not of the package"));
        }
    }
}

TEST_F(TrustOfWhatIsFetched, IsNotKeptFromRunningByWhatOthersAttach) {
    sign_runnable();
    const std::string type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    const auto attach = [&](const std::string& text) {
        write("theirs.json", as_bytes(text));
        return ecc({"attach", "oci:shelf:1", "--artifact-type", type, "theirs.json:" + type}).status;
    };
    ASSERT_EQ(attach("not json"), 0);
    ASSERT_EQ(attach("{}"), 0);
    ASSERT_EQ(sign("oci:shelf:1", "other.pem").status, 0);
    const Output run = ecc({"run", "--verify-key", "key.pub", "oci:shelf:1"});
    EXPECT_EQ(run.status, 0) << run.err;
    const Output pulled = ecc({"pull", "--verify-key", "key.pub", "oci:shelf:1", "--bundle", "ok.sig.json"});
    ASSERT_EQ(pulled.status, 0) << pulled.err;
    const Output output = run_offline();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(ecc({"pull", "oci:shelf:1", "--bundle", "ok.sig.json"}).status, 0);
    EXPECT_EQ(run_offline("other.pub").status, 0) << "somebody did sign";
}

TEST_F(TrustOfWhatIsFetched, IsNotTakenAlongUnsigned) {
    for (const Command& more : {Command{}, Command{"--legacy"}}) {
        ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
        if (!more.empty()) {
            ASSERT_EQ(sign("oci:shelf:1", "key.pem", more).status, 0);
        }
        const Output output = ecc({"pull", "oci:shelf:1", "-o", "x.wasm", "--bundle", "x.sig.json"});
        EXPECT_EQ(output.status, 1);
        EXPECT_THAT(output.err, HasSubstr("no signature that can be taken along"));
        EXPECT_FALSE(fs::exists(file("x.wasm")));
        EXPECT_FALSE(fs::exists(file("x.sig.json")));
    }
}

} // namespace
} // namespace ecc::test
