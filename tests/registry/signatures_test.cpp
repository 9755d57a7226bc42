// ecc sign and verify beside the real cosign: each accepts what the other made, and neither what was tampered
// with.

#include "tests/registry/signing_test.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class Signatures : public SigningTest {
protected:
    /// A registry that lists so many bundles of nobody's before the one signature of oci:shelf:1, or after
    /// it.
    HttpServer::Handler with_others(std::size_t others, bool before = true) {
        RegistryContent content = content_of_shelf();
        json referrer = {{"schemaVersion", 2},
                         {"mediaType", manifest_type},
                         {"artifactType", bundle_type},
                         {"config", content.add("{}", "application/vnd.oci.empty.v1+json")},
                         {"layers", json::array({content.add("not json", bundle_type)})}};
        json entries = json::array();
        for (std::size_t i = 0; i < others; i++) {
            referrer["annotations"]["number"] = std::to_string(i);
            entries.push_back(content.add(referrer.dump(), manifest_type));
            entries.back()["artifactType"] = bundle_type;
        }
        const json found = ecc_json({"discover", "oci:shelf:1"});
        entries.insert(before ? entries.end() : entries.begin(), found["referrers"][0]);
        content.list_referrers(found["digest"], entries);
        return content.served();
    }

    Output verify_behind(std::size_t bundles) {
        HttpServer server(with_others(bundles));
        return verify(server.host() + "/t/tool:1");
    }

    /// Lists the one signature of the older kind so many times.
    void repeat_legacy(std::size_t times) {
        const std::string tag = "oci:shelf:sha256-" + digest_.substr(7) + ".sig";
        json image = json::parse(ecc({"manifest", "fetch", tag}).out);
        image["layers"] = std::vector<json>(times, image["layers"][0]);
        write("image.json", as_bytes(image.dump()));
        ASSERT_EQ(ecc({"manifest", "push", tag, "image.json"}).status, 0);
    }
};

TEST_F(Signatures, AreVerifiedWithTheirKeyAlone) {
    start_with_package();
    EXPECT_THAT(verify(ref("t/tool:1")).err, HasSubstr("is not signed"));
    Output made = sign(ref("t/tool:1"));
    ASSERT_EQ(made.status, 0) << made.err;
    Output verified = verify(ref("t/tool:1"));
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_EQ(verified.out, ref("t/tool@") + digest_ + "\n");
    Output refused = verify(ref("t/tool:1"), "other.pub");
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("no signature is by this key"));
}

TEST_F(Signatures, AreKeptInLayoutsAndArchivesToo) {
    for (const char* reference : {"oci:shelf:1", "oci-archive:shelf.tar:1"}) {
        ASSERT_EQ(ecc({"push", "tool.wasm", reference}).status, 0);
        Output made = sign(reference);
        ASSERT_EQ(made.status, 0) << made.err;
        EXPECT_EQ(verify(reference).status, 0);
        EXPECT_EQ(verify(reference, "other.pub").status, 1);
    }
}

TEST_F(Signatures, TravelWithTheArtifact) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    ASSERT_EQ(ecc({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"}).status, 0);
    EXPECT_EQ(verify("oci:shelf:1").status, 0);
}

TEST_F(Signatures, OfTheOlderKindComeAlongWithARecursiveCopyToo) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1"), "key.pem", {"--legacy"}).status, 0);
    ASSERT_EQ(ecc({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"}).status, 0);
    EXPECT_EQ(verify("oci:shelf:1").status, 0);
    ASSERT_EQ(ecc({"cp", "-r", "oci:shelf:1", ref("u/tool:2")}).status, 0);
    EXPECT_EQ(verify(ref("u/tool:2")).status, 0);
}

TEST_F(Signatures, MayBeOfSeveralKeysAndKinds) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1"), "other.pem").status, 0);
    ASSERT_EQ(sign(ref("t/tool:1"), "other.pem", {"--legacy"}).status, 0);
    ASSERT_EQ(sign(ref("t/tool:1"), "key.pem").status, 0);
    ASSERT_EQ(sign(ref("t/tool:1"), "key.pem", {"--legacy"}).status, 0);
    EXPECT_THAT(ecc_json({"verify", "--key", "key.pub", ref("t/tool:1")})["signatures"], SizeIs(2));
    EXPECT_THAT(ecc_json({"verify", "--key", "other.pub", ref("t/tool:1")})["signatures"], SizeIs(2));
}

TEST_F(Signatures, AreNotHiddenBehindThoseOfOthers) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:1").status, 0);
    const Output behind_many = verify_behind(200);
    EXPECT_EQ(behind_many.status, 0) << behind_many.err;
    EXPECT_THAT(verify_behind(1000).err, HasSubstr("of 1001 signatures the first 1000 were looked at"));
}

TEST_F(Signatures, AreFetchedUntilOneIsEnough) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:1").status, 0);
    HttpServer server(with_others(50, false));
    EXPECT_EQ(verify(server.host() + "/t/tool:1").status, 0);
    EXPECT_THAT(server.requests(), SizeIs(testing::Lt(10u)));
    EXPECT_THAT(ecc_json({"verify", "--key", "key.pub", server.host() + "/t/tool:1"})["signatures"],
                SizeIs(1));
    EXPECT_THAT(server.requests(), SizeIs(testing::Gt(100u))) << "all were asked for";
}

TEST_F(Signatures, ThatCannotBeReadAreNotTakenForNone) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    for (int status : {400, 403, 500}) {
        HttpServer server(content_of_shelf().served(status));
        const Output refused = verify(server.host() + "/t/tool:1");
        EXPECT_EQ(refused.status, 3);
        EXPECT_THAT(refused.err, Not(HasSubstr("is not signed")));
    }
    HttpServer none(content_of_shelf().served(404));
    EXPECT_THAT(verify(none.host() + "/t/tool:1").err, HasSubstr("is not signed"));
}

TEST_F(Signatures, ThatCannotBeReadDoNotMatterBesideOneThatIsEnough) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:1").status, 0);
    HttpServer server(content_of_shelf().served(403));
    const std::string reference = server.host() + "/t/tool:1";
    EXPECT_EQ(verify(reference).status, 0);
    EXPECT_EQ(ecc({"verify", "--json", "--key", "key.pub", reference}).status, 3) << "all are asked for";
    EXPECT_EQ(verify(reference, "other.pub").status, 3) << "it may be among those";
}

TEST_F(Signatures, ThatARunLeavesOutAreSpokenOf) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    ASSERT_EQ(sign("oci:shelf:1").status, 0);
    HttpServer server(with_others(1000, false));
    const std::string reference = server.host() + "/t/tool:1";
    for (const Command& command :
         {Command{"run", "--signatures", reference}, Command{"pull", reference, "--bundle", "tool.sig.json"}})
        EXPECT_THAT(ecc(command).err, HasSubstr("are taken along: of 1001 signatures the first 1000"));
}

TEST_F(Signatures, OfTheOlderKindAreNotHiddenBehindThoseOfOthers) {
    digest_ = ecc_json({"push", "tool.wasm", "oci:shelf:1"})["digest"];
    ASSERT_EQ(sign("oci:shelf:1", "other.pem", {"--legacy"}).status, 0);
    for (const auto& [others, status] : {std::pair(200, 0), std::pair(1000, 1)}) {
        repeat_legacy(others);
        ASSERT_EQ(sign("oci:shelf:1", "key.pem", {"--legacy"}).status, 0);
        const Output verified = verify("oci:shelf:1");
        EXPECT_EQ(verified.status, status);
        EXPECT_THAT(verified.err,
                    HasSubstr(status == 0 ? "" : "of 1001 signatures the first 1000 were looked at"));
    }
}

TEST_F(Signatures, AreMadeOnceWithAKey) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    for (const Command& kind : {Command{}, Command{"--legacy"}}) {
        const Output first = sign("oci:shelf:1", "key.pem", kind),
                     second = sign("oci:shelf:1", "key.pem", kind);
        ASSERT_EQ(first.status, 0) << first.err;
        EXPECT_EQ(second.out, first.out);
        EXPECT_EQ(sign("oci:shelf:1", "other.pem", kind).status, 0);
    }
    EXPECT_THAT(ecc_json({"verify", "--key", "key.pub", "oci:shelf:1"})["signatures"], SizeIs(2));
    EXPECT_THAT(ecc_json({"verify", "--key", "other.pub", "oci:shelf:1"})["signatures"], SizeIs(2));
}

TEST_F(Signatures, ThatCannotBeReportedAreAnError) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    for (const Command& call : {Command{"sign", "--key", "key.pem", "oci:shelf:1"},
                                Command{"verify", "--key", "key.pub", "oci:shelf:1"},
                                Command{"verify", "--json", "--key", "key.pub", "oci:shelf:1"}}) {
        Command command = {"sh", "-c", "exec \"$@\" >/dev/full", "sh", ECC_BINARY_DIR "/bin/ecc"};
        command.insert(command.end(), call.begin(), call.end());
        const Output output = run_here(command);
        EXPECT_EQ(output.status, 3) << output.err;
        EXPECT_THAT(output.err, HasSubstr("standard output: cannot write"));
    }
}

TEST_F(Signatures, OfEccAreAcceptedByCosign) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    Output verified = cosign_verify(ref("t/tool:1"));
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_NE(cosign_verify(ref("t/tool:1"), "other.pub").status, 0);
}

TEST_F(Signatures, OfEccInTheOlderKindAreAcceptedByCosign) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1"), "key.pem", {"--legacy"}).status, 0);
    Output verified = cosign_verify(ref("t/tool:1"));
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_NE(cosign_verify(ref("t/tool:1"), "other.pub").status, 0);
}

TEST_F(Signatures, OfCosignAreAcceptedByEcc) {
    start_with_package();
    make_cosign_key();
    Output made = cosign_sign(ref("t/tool:1"));
    ASSERT_EQ(made.status, 0) << made.err;
    Output verified = verify(ref("t/tool:1"), "cosign.pub");
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_EQ(verify(ref("t/tool:1")).status, 1);
}

TEST_F(Signatures, OfCosignInTheOlderKindAreAcceptedByEcc) {
    start_with_package();
    make_cosign_key();
    Output made = cosign_sign(ref("t/tool:1"), {"--new-bundle-format=false"});
    ASSERT_EQ(made.status, 0) << made.err;
    json verified = ecc_json({"verify", "--key", "cosign.pub", ref("t/tool:1")});
    EXPECT_EQ(verified["signatures"][0]["kind"], "legacy");
}

TEST_F(Signatures, AreFoundByTheReferrersApiToo) {
    start_with_package({.referrers = true});
    make_cosign_key();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    Output theirs = cosign_sign(ref("t/tool:1"));
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    for (const char* key : {"key.pub", "cosign.pub"}) {
        EXPECT_EQ(verify(ref("t/tool:1"), key).status, 0) << key;
        EXPECT_EQ(cosign_verify(ref("t/tool:1"), key).status, 0) << key;
    }
}

TEST_F(Signatures, AreMadeWithCosignsEncryptedKeys) {
    start_with_package();
    make_cosign_key();
    Output made = sign(ref("t/tool:1"), "cosign.key");
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(cosign_verify(ref("t/tool:1"), "cosign.pub").status, 0);
    set("COSIGN_PASSWORD", "wrong");
    EXPECT_THAT(sign(ref("t/tool:1"), "cosign.key").err, HasSubstr("the password is wrong"));
}

TEST_F(Signatures, OfAnotherArtifactAreWorthNothing) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    const json signature = ecc_json({"discover", ref("t/tool:1")})["referrers"][0];
    json manifest = json::parse(ecc({"manifest", "fetch", signature["reference"]}).out);
    json second = ecc_json({"push", "tool.wasm", ref("t/tool:2"), "-a", "x=y"});
    manifest["subject"]["digest"] = second["digest"];
    manifest["subject"]["size"] = second["size"];
    write("forged.json", as_bytes(manifest.dump()));
    ASSERT_EQ(ecc({"manifest", "push", ref("t/tool"), "forged.json"}).status, 0);
    EXPECT_THAT(ecc_json({"discover", ref("t/tool:2")})["referrers"], SizeIs(1)) << "it refers to it";
    EXPECT_THAT(verify(ref("t/tool:2")).err, HasSubstr("the signature is for another digest"));
    EXPECT_NE(cosign_verify(ref("t/tool:2")).status, 0);
}

TEST_F(Signatures, ThatWereTamperedWithAreRefusedByBoth) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    const json signature = ecc_json({"discover", ref("t/tool:1")})["referrers"][0];
    json manifest = json::parse(ecc({"manifest", "fetch", signature["reference"]}).out);
    json bundle = json::parse(
        ecc({"blob", "fetch", ref("t/tool@") + manifest["layers"][0]["digest"].get<std::string>()}).out);
    std::string sig = bundle["dsseEnvelope"]["signatures"][0]["sig"];
    sig[20] = sig[20] == 'A' ? 'B' : 'A';
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = sig;
    write("bundle.json", as_bytes(bundle.dump()));
    json layer = json::parse(ecc({"blob", "push", ref("t/tool"), "bundle.json", "--media-type",
                                  "application/vnd.dev.sigstore.bundle.v0.3+json"})
                                 .out);
    ASSERT_EQ(ecc({"delete", "--force", signature["reference"]}).status, 0);
    manifest["layers"][0]["digest"] = layer["digest"];
    manifest["layers"][0]["size"] = layer["size"];
    write("forged.json", as_bytes(manifest.dump()));
    ASSERT_EQ(ecc({"manifest", "push", ref("t/tool"), "forged.json"}).status, 0);
    EXPECT_THAT(verify(ref("t/tool:1")).err, HasSubstr("no signature is by this key"));
    EXPECT_NE(cosign_verify(ref("t/tool:1")).status, 0);
}

TEST_F(Signatures, DecideWhatIsPulledAndRun) {
    start_with_package();
    EXPECT_EQ(ecc({"pull", "--verify-key", "key.pub", ref("t/tool:1"), "-o", "x.wasm"}).status, 1);
    EXPECT_THAT(ecc({"run", "--verify-key", "key.pub", ref("t/tool:1")}).err, HasSubstr("is not signed"));
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    EXPECT_EQ(ecc({"pull", "--verify-key", "key.pub", ref("t/tool:1"), "-o", "x.wasm"}).status, 0);
    EXPECT_EQ(ecc({"run", "--verify-key", "key.pub", ref("t/tool:1")}).status, 125) << "ecc-run has it";
    EXPECT_EQ(ecc({"run", "--verify-key", "key.pub", "tool.wasm"}).status, 125);
}

TEST_F(Signatures, OfAChangedLayerDoNotHelp) {
    start_with_package();
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    Bytes damaged = package_;
    damaged.back() ^= 1;
    ASSERT_TRUE(write_file(registry_->blob_file(sha256_digest(package_)), damaged));
    EXPECT_THAT(ecc({"pull", "--verify-key", "key.pub", ref("t/tool:1"), "-o", "x.wasm"}).err,
                HasSubstr("wrong digest"));
    EXPECT_FALSE(std::filesystem::exists(file("x.wasm")));
}

} // namespace
} // namespace ecc::test
