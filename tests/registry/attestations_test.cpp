// `ecc push --attest` and `ecc attest` beside the real cosign: each accepts the other's statements, and
// neither what was tampered with. (What is stated: statements_test.cpp.)

#include "tests/registry/attestation_test.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

class Attestations : public AttestationTest {};

const std::string types[] = {"cyclonedx", "slsaprovenance1", "urn:ecc:build-log:v1"};

TEST_F(Attestations, OfABuildAreAcceptedByCosign) {
    push_attested();
    for (const std::string& type : types) {
        const Output verified = cosign_verify_attestation(type);
        EXPECT_EQ(verified.status, 0) << type << verified.err;
        EXPECT_NE(cosign_verify_attestation(type, "other.pub").status, 0) << type;
    }
    EXPECT_NE(cosign_verify_attestation("spdxjson").status, 0) << "which nobody stated";
}

TEST_F(Attestations, OfABuildAreFoundByTheReferrersApiToo) {
    push_attested({.referrers = true});
    for (const std::string& type : types) {
        EXPECT_EQ(cosign_verify_attestation(type).status, 0) << type;
        EXPECT_TRUE(stated(type, ref("t/tool:1")).is_object());
    }
}

TEST_F(Attestations, ChangeNeitherPackageNorDigest) {
    ASSERT_EQ(ecc({"tool.bpf.c", "tool.c", "-DA=1", "-o", "plain.wasm"}).status, 0);
    EXPECT_EQ(read("plain.wasm"), package_);
    const json plain = ecc_json({"push", "tool.wasm", "oci:shelf:1"});
    const json attested =
        ecc_json({"push", "tool.wasm", "oci:other:1", "--attest", "tool.build.json", "--key", "key.pem"});
    EXPECT_EQ(plain["digest"], attested["digest"]);
}

TEST_F(Attestations, OfTheSameBuildAreTheSame) {
    ASSERT_EQ(ecc({"tool.bpf.c", "tool.c", "-DA=1", "--record", "again.build.json"}).status, 0);
    json one = json::parse(as_text(read("tool.build.json"))),
         other = json::parse(as_text(read("again.build.json")));
    for (json* record : {&one, &other})
        for (const char* time : {"started", "finished"})
            record->erase(time);
    EXPECT_EQ(one, other);
}

TEST_F(Attestations, AreNoSignatures) {
    push_attested();
    EXPECT_THAT(verify(ref("t/tool:1")).err, HasSubstr("is not signed"));
    ASSERT_EQ(sign(ref("t/tool:1")).status, 0);
    EXPECT_EQ(verify(ref("t/tool:1")).status, 0);
    const Output verified = cosign_verify(ref("t/tool:1"));
    EXPECT_EQ(verified.status, 0) << verified.err;
}

TEST_F(Attestations, MayBeAnyDocument) {
    start_with_package();
    write("vex.json", as_bytes(R"({"statements":[{"status":"not_affected"}]})"));
    for (const char* type : {"openvex", "slsaprovenance", "https://example.org/review"}) {
        const Output made =
            ecc({"attest", "--key", "key.pem", "--type", type, "--predicate", "vex.json", ref("t/tool:1")});
        ASSERT_EQ(made.status, 0) << made.err;
        EXPECT_EQ(stated(type, ref("t/tool:1")), json::parse(as_text(read("vex.json"))));
        EXPECT_EQ(cosign_verify_attestation(type).status, 0) << type;
    }
    EXPECT_EQ(stated("slsaprovenance02", ref("t/tool:1")), stated("slsaprovenance", ref("t/tool:1")));
}

TEST_F(Attestations, OfCosignAreAcceptedByEcc) {
    start_with_package();
    make_cosign_key();
    write("bom.json", as_bytes(R"({"bomFormat":"CycloneDX","specVersion":"1.5"})"));
    const Output made =
        cosign({"attest", "--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false", "-y",
                "--type", "cyclonedx", "--predicate", "bom.json", ref("t/tool:1")});
    ASSERT_EQ(made.status, 0) << made.err;
    const json verified = ecc_json({"verify", "--key", "cosign.pub", "--type", "cyclonedx", ref("t/tool:1")});
    EXPECT_EQ(verified["attestations"][0]["predicate"]["specVersion"], "1.5");
    expect_refused({"verify", "--key", "key.pub", "--type", "cyclonedx", ref("t/tool:1")}, 1,
                   "no attestation of type https://cyclonedx.org/bom is by this key");
}

TEST_F(Attestations, OfCosignInTheOlderKindAreAcceptedByEcc) {
    start_with_package();
    make_cosign_key();
    write("said.json", as_bytes(R"({"said":1})"));
    for (const char* type : {"custom", "spdx"}) {
        const Output made = cosign({"attest", "--key", "cosign.key", "--tlog-upload=false",
                                    "--use-signing-config=false", "--new-bundle-format=false", "-y", "--type",
                                    type, "--predicate", "said.json", ref("t/tool:1")});
        ASSERT_EQ(made.status, 0) << made.err;
    }
    for (const char* type : {"custom", "spdx"}) {
        const json verified = ecc_json({"verify", "--key", "cosign.pub", "--type", type, ref("t/tool:1")});
        EXPECT_THAT(verified["attestations"], SizeIs(1)) << type;
    }
    expect_refused({"verify", "--key", "key.pub", "--type", "spdx", ref("t/tool:1")}, 1,
                   "no attestation of type https://spdx.dev/Document is by this key");
    expect_refused({"verify", "--key", "cosign.pub", "--type", "vuln", ref("t/tool:1")}, 1,
                   "has no attestation of type");
    const std::string carrier = ref("t/tool:sha256-") + digest_.substr(7) + ".att";
    const json image = json::parse(ecc({"manifest", "fetch", carrier}).out);
    const json other = ecc_json({"push", "tool.wasm", ref("t/tool:2"), "-a", "x=y"});
    ASSERT_EQ(ecc({"tag", carrier, "sha256-" + other["digest"].get<std::string>().substr(7) + ".att"}).status,
              0);
    expect_refused({"verify", "--key", "cosign.pub", "--type", "spdx", ref("t/tool:2")}, 1,
                   "for another digest");
}

TEST_F(Attestations, ThatCannotBeReadAreNotTakenForNone) {
    ASSERT_EQ(
        ecc({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pem"}).status,
        0);
    const RegistryContent content = content_of_shelf();
    for (int status : {400, 403, 500}) {
        HttpServer server(content.served(status));
        const Command command{"verify", "--key",     "key.pub",
                              "--type", "cyclonedx", server.host() + "/t/tool:1"};
        EXPECT_EQ(ecc(command).status, 3) << "what it keeps under sha256-HEX.att is not known";
    }
    HttpServer none(content.served(404));
    EXPECT_TRUE(stated("cyclonedx", none.host() + "/t/tool:1").is_object());
}

TEST_F(Attestations, OfWhichOneCannotBeReadAreNotCalledAll) {
    ASSERT_EQ(
        ecc({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pem"}).status,
        0);
    RegistryContent content = content_of_shelf();
    const json found = ecc_json({"discover", "oci:shelf:1"});
    json entries = found["referrers"];
    json absent = entries[0];
    const std::string unread = sha256_digest({});
    absent["digest"] = unread;
    absent.erase("annotations");
    entries.push_back(absent);
    content.list_referrers(found["digest"], entries);
    HttpServer server([&, answer = content.served()](const ServedRequest& request) {
        return request.target.ends_with(unread) ? HttpServer::Reply(http_reply(403, "", ""))
                                                : answer(request);
    });
    const Command command{"verify", "--key", "key.pub", "--type", "cyclonedx", server.host() + "/t/tool:1"};
    EXPECT_EQ(ecc(command).status, 3);
}

TEST_F(Attestations, TravelWithTheArtifact) {
    push_attested();
    ASSERT_EQ(ecc({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"}).status, 0);
    EXPECT_TRUE(stated("cyclonedx", "oci:shelf:1").is_object());
}

TEST_F(Attestations, AreAddedToWhatIsStoredAlready) {
    start_with_package();
    const json made =
        ecc_json({"attest", "--key", "key.pem", "--record", "tool.build.json", ref("t/tool:1")});
    EXPECT_THAT(made["attestations"], SizeIs(3));
    EXPECT_EQ(stated("cyclonedx", ref("t/tool:1"))["metadata"]["component"]["name"], "tool.wasm");
}

TEST_F(Attestations, AreToldApartWhenListed) {
    push_attested();
    const Output listed = ecc({"discover", ref("t/tool:1")});
    for (const char* type :
         {"https://cyclonedx.org/bom", "https://slsa.dev/provenance/v1", "urn:ecc:build-log:v1"})
        EXPECT_THAT(listed.out,
                    HasSubstr(std::string("application/vnd.dev.sigstore.bundle.v0.3+json  ") + type));
}

TEST_F(Attestations, ThatWereChangedAreRefused) {
    push_attested();
    const json discovered = ecc_json({"discover", ref("t/tool:1")});
    ASSERT_THAT(discovered["referrers"], SizeIs(3));
    for (const json& referrer : discovered["referrers"]) {
        const json manifest = json::parse(ecc({"manifest", "fetch", referrer["reference"]}).out);
        const std::string digest = manifest["layers"][0]["digest"];
        Bytes bundle = *read_file(registry_->blob_file(digest));
        bundle[bundle.size() / 2] ^= 1;
        ASSERT_TRUE(write_file(registry_->blob_file(digest), bundle));
    }
    for (const std::string& type : types) {
        expect_refused({"verify", "--key", "key.pub", "--type", type, ref("t/tool:1")}, 1, "digest");
        EXPECT_NE(cosign_verify_attestation(type).status, 0) << type;
    }
}

TEST_F(Attestations, OfAnotherArtifactAreWorthNothing) {
    push_attested();
    const json second = ecc_json({"push", "tool.wasm", ref("t/tool:2"), "-a", "x=y"});
    const json first = ecc_json({"discover", ref("t/tool:1")})["referrers"][0];
    json manifest = json::parse(ecc({"manifest", "fetch", first["reference"]}).out);
    manifest["subject"]["digest"] = second["digest"];
    manifest["subject"]["size"] = second["size"];
    write("forged.json", as_bytes(manifest.dump()));
    ASSERT_EQ(ecc({"manifest", "push", ref("t/tool"), "forged.json"}).status, 0);
    const std::string type = manifest["annotations"]["dev.sigstore.bundle.predicateType"];
    expect_refused({"verify", "--key", "key.pub", "--type", type, ref("t/tool:2")}, 1, "for another digest");
}

TEST_F(Attestations, OfOneTypeAreNotThoseOfAnother) {
    push_attested();
    expect_refused({"verify", "--key", "key.pub", "--type", "spdxjson", ref("t/tool:1")}, 1,
                   "has no attestation of type https://spdx.dev/Document");
    expect_refused({"verify", "--key", "other.pub", "--type", "cyclonedx", ref("t/tool:1")}, 1,
                   "is by this key");
    expect_refused({"verify", "--key", "key.pub", "--type", "bom", ref("t/tool:1")}, 2, "cyclonedx");
    expect_refused({"verify", "--key", "key.pub", "--type", "", ref("t/tool:1")}, 2, "the name is empty");
}

TEST_F(Attestations, AreMadeOfTheRecordOfThisPackageOnly) {
    const std::string record(as_text(read("tool.build.json")));
    write("tool.c", as_bytes("int main(void) { return 1; }\n"));
    ASSERT_EQ(ecc({"tool.bpf.c", "tool.c", "-o", "new.wasm"}).status, 0);
    expect_refused({"push", "new.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pem"}, 1,
                   "is the record of another package");
    ASSERT_EQ(ecc({"push", "new.wasm", "oci:shelf:1"}).status, 0);
    expect_refused({"attest", "--key", "key.pem", "--record", "tool.build.json", "oci:shelf:1"}, 1,
                   "is the record of another package");
    for (const std::string& text : {record.substr(0, record.size() / 2), std::string(), std::string("{}")}) {
        write("cut.json", as_bytes(text));
        expect_refused({"push", "tool.wasm", "oci:shelf:2", "--attest", "cut.json", "--key", "key.pem"}, 1,
                       "cut.json");
    }
}

TEST_F(Attestations, AreMadeLaterOfAnImageThatHoldsThePackage) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1", "--format", "container,bpfman"}).status, 0);
    const auto attest = [&](const std::string& reference) {
        return ecc({"attest", "--key", "key.pem", "--record", "tool.build.json", reference});
    };
    const Output made = attest("oci:shelf:1");
    EXPECT_EQ(made.status, 0) << made.err;
    with_name(stated("cyclonedx", "oci:shelf:1")["components"], "ecc-run");
    EXPECT_EQ(attest("oci:shelf:1-bpfman").status, 1);
    EXPECT_THAT(attest("oci:shelf:1-bpfman").err, HasSubstr("the kernel part alone"));
}

TEST_F(Attestations, NeedKeyAndRecordTogether) {
    expect_refused({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json"}, 2, "go together");
    expect_refused({"push", "tool.wasm", "oci:shelf:1", "--key", "key.pem"}, 2, "go together");
    expect_refused({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pub"}, 1,
                   "key.pub");
    expect_refused({"push", "tool.wasm", "oci:shelf:1", "--format", "bpfman", "--attest", "tool.build.json",
                    "--key", "key.pem"},
                   2, "hold the package");
    EXPECT_FALSE(std::filesystem::exists(file("shelf"))) << "something was stored";
}

TEST_F(Attestations, NeedOneThingToState) {
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
    const auto attest = [](Command more) {
        more.insert(more.begin(), {"attest", "--key", "key.pem", "oci:shelf:1"});
        return more;
    };
    write("text", as_bytes("no JSON"));
    write("large.json", as_bytes("{\"a\":\"" + std::string(900'000, 'x') + "\"}"));
    expect_refused(attest({}), 2, "exactly one of");
    expect_refused(attest({"--record", "tool.build.json", "--predicate", "text", "--type", "openvex"}), 2,
                   "exactly one of");
    expect_refused(attest({"--predicate", "text"}), 2, "--type goes with");
    expect_refused(attest({"--record", "tool.build.json", "--type", "openvex"}), 2, "--type goes with");
    expect_refused(attest({"--predicate", "text", "--type", "openvex"}), 1, "text");
    expect_refused(attest({"--predicate", "large.json", "--type", "openvex"}), 1, "1 MiB");
    expect_refused(attest({"--predicate", "text", "--type", "nonsense"}), 2, "cyclonedx");
    expect_refused(attest({"--predicate", "absent.json", "--type", "openvex"}), 1, "absent.json");
}

TEST_F(Attestations, NeedARecordBesideTheOutput) {
    for (const char* name : {"tool.wasm", "tool.bpf.c", "tool.c"})
        expect_refused({"tool.bpf.c", "tool.c", "--record", name}, 2, "would replace");
    EXPECT_EQ(as_text(read("tool.c")), user_source);
}

} // namespace
} // namespace ecc::test
