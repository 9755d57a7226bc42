// What `ecc build --record`, `ecc push --attest` and `ecc attest` state about a package, beside the real
// cosign: each accepts the other's statements, and neither what was tampered with.

#include "support/digest.h"
#include "tests/registry/signing_test.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kernel_source = R"(#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "limits.h"
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { return LIMIT; }
char LICENSE[] SEC("license") = "GPL";
)";
constexpr const char* user_source = R"(#include <stdio.h>
int main(void) { puts("hello"); return 0; }
)";

class Attestations : public SigningTest {
protected:
    void SetUp() override {
        SigningTest::SetUp();
        write("tool.bpf.c", as_bytes(kernel_source));
        write("tool.c", as_bytes(user_source));
        write("limits.h", as_bytes("#define LIMIT 1\n"));
        const Output built = ecc({"tool.bpf.c", "tool.c", "-DA=1", "--record", "tool.build.json"});
        ASSERT_EQ(built.status, 0) << built.err;
        package_ = read("tool.wasm");
    }

    void push_attested(const RegistryOptions& options = {}) {
        start_registry(options);
        const Output pushed =
            ecc({"push", "tool.wasm", ref("t/tool:1"), "--attest", "tool.build.json", "--key", "key.pem"});
        ASSERT_EQ(pushed.status, 0) << pushed.err;
    }
    json stated(const std::string& type, const std::string& reference) {
        const Output output = ecc({"verify", "--key", "key.pub", "--type", type, reference});
        EXPECT_EQ(output.status, 0) << output.err;
        return json::parse(output.out, nullptr, false);
    }
    Output cosign_verify_attestation(const std::string& type, const std::string& key = "key.pub") {
        return cosign({"verify-attestation", "--key", key, "--type", type, "--insecure-ignore-tlog=true",
                       ref("t/tool:1")});
    }
    void expect_refused(Command command, int status, const std::string& reason) {
        const Output output = ecc(command);
        EXPECT_EQ(output.status, status) << output.err;
        EXPECT_THAT(output.err, HasSubstr(reason));
    }
    std::string hex_of(const std::string& name) { return sha256_digest(read(name)).substr(7); }
};

const std::string types[] = {"cyclonedx", "slsaprovenance1", "urn:ecc:build-log:v1"};

json with_name(const json& list, const std::string& name) {
    for (const json& element : list)
        if (element.value("name", "") == name)
            return element;
    ADD_FAILURE() << name << " is not among " << list;
    return json::object();
}

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

TEST_F(Attestations, ListWhatWentIntoThePackage) {
    push_attested();
    const json bill = stated("cyclonedx", ref("t/tool:1"));
    EXPECT_EQ(bill["bomFormat"], "CycloneDX");
    EXPECT_EQ(bill["metadata"]["component"]["hashes"][0]["content"], hex_of("tool.wasm"));
    for (const char* source : {"tool.bpf.c", "tool.c", "limits.h"}) {
        const std::string name = std::string(source) == "limits.h" ? "./limits.h" : source;
        json found;
        for (const json& component : bill["components"])
            if (component["name"] == source || component["name"] == name)
                found = component;
        ASSERT_TRUE(found.is_object()) << source << bill["components"];
        EXPECT_EQ(found["hashes"][0]["content"], hex_of(source));
    }
    EXPECT_THAT(with_name(bill["components"], "wasi-libc")["version"].get<std::string>(), Not(IsEmpty()));
    const auto has_file = [&](const char* component, const char* file) {
        return with_name(with_name(bill["components"], component)["components"], file).contains("hashes");
    };
    EXPECT_TRUE(has_file("wasi-libc", "stdio.h"));
    EXPECT_TRUE(has_file("wasi-libc", "libc.a"));
    EXPECT_TRUE(has_file("compiler-rt", "libclang_rt.builtins.a"));
    EXPECT_TRUE(has_file("libbpf headers", "bpf/bpf_helpers.h"));
    EXPECT_TRUE(has_file("Linux UAPI headers", "linux/bpf.h"));
    EXPECT_TRUE(has_file("ecc guest library", "lib/libbpf.a"));
}

TEST_F(Attestations, SayHowItWasBuilt) {
    push_attested();
    const json provenance = stated("slsaprovenance1", ref("t/tool:1"));
    const json& definition = provenance["buildDefinition"];
    EXPECT_EQ(definition["externalParameters"]["flags"], json::array({"-DA=1"}));
    EXPECT_EQ(with_name(definition["resolvedDependencies"], "tool.c")["digest"]["sha256"], hex_of("tool.c"));
    EXPECT_EQ(provenance["runDetails"]["byproducts"][0]["digest"]["sha256"], hex_of("tool.wasm"));
    EXPECT_THAT(stated("buildlog", ref("t/tool:1"))["log"].get<std::string>(), HasSubstr("compile tool.c"));
}

/// A build in a checkout of https://example.org/me/tools, whose address has secrets.
class AttestationsOfACheckout : public Attestations {
protected:
    void SetUp() override {
        Attestations::SetUp();
        git({"init", "-q", "-b", "main"});
        git({"remote", "add", "origin", "https://me:secret@example.org/me/tools.git?private_token=secret"});
        git({"add", "tool.bpf.c", "tool.c", "limits.h"});
        git({"commit", "-q", "-m", "first"});
        commit_ = run_here({"git", "rev-parse", "HEAD"}).out.substr(0, 40);
    }

    void git(Command arguments) {
        arguments.insert(arguments.begin(), {"git", "-c", "user.name=n", "-c", "user.email=e@x"});
        const Output output = run_here(arguments);
        ASSERT_EQ(output.status, 0) << output.err;
    }

    /// Of a build now, as cosign accepts it.
    json definition() {
        const Output built = ecc({"tool.bpf.c", "tool.c", "--record", "tool.build.json"});
        EXPECT_EQ(built.status, 0) << built.err;
        EXPECT_THAT(as_text(read("tool.build.json")), Not(HasSubstr("secret")));
        push_attested();
        const Output accepted = cosign_verify_attestation("slsaprovenance1");
        EXPECT_EQ(accepted.status, 0) << accepted.err;
        return stated("slsaprovenance1", ref("t/tool:1"))["buildDefinition"];
    }

    /// The same is stated as what was asked for and as what was used.
    void expect_source(const json& expected) {
        const json found = definition();
        EXPECT_EQ(found["externalParameters"]["source"], expected);
        EXPECT_EQ(found["resolvedDependencies"][0], expected);
    }

    static constexpr const char* uri_ = "git+https://example.org/me/tools@";
    std::string commit_;
};

TEST_F(AttestationsOfACheckout, NameItsAddressAndCommit) {
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"}, {"digest", {{"gitCommit", commit_}}}});
}

TEST_F(AttestationsOfACheckout, NameTheCommitWhereThereIsNoBranch) {
    git({"checkout", "-q", "--detach"});
    expect_source({{"uri", uri_ + commit_}, {"digest", {{"gitCommit", commit_}}}});
}

TEST_F(AttestationsOfACheckout, NameTheCommitAloneWithoutAnAddressForThePublic) {
    git({"remote", "set-url", "origin", file("elsewhere")});
    expect_source({{"digest", {{"gitCommit", commit_}}}});
}

TEST_F(AttestationsOfACheckout, ClaimNoCommitThatTheFilesAreNot) {
    write("limits.h", as_bytes("#define LIMIT 2\n"));
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"},
                   {"annotations", {{"basedOn", commit_}, {"state", "modified"}}}});
}

TEST_F(AttestationsOfACheckout, ClaimNoCommitThatASourceIsNotIn) {
    git({"rm", "-q", "--cached", "limits.h"});
    git({"commit", "-q", "-m", "second"});
    commit_ = run_here({"git", "rev-parse", "HEAD"}).out.substr(0, 40);
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"},
                   {"annotations", {{"basedOn", commit_}, {"state", "modified"}}}});
}

TEST_F(Attestations, NameNoCommitOutsideACheckout) {
    push_attested();
    const json definition = stated("slsaprovenance1", ref("t/tool:1"))["buildDefinition"];
    EXPECT_FALSE(definition["externalParameters"].contains("source"));
    for (const json& dependency : definition["resolvedDependencies"])
        EXPECT_TRUE(dependency.contains("name")) << dependency;
}

TEST_F(Attestations, NameTheBuilderAndTheTimeThatTheyAreTold) {
    set("SOURCE_DATE_EPOCH", "1700000000");
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pem",
                   "--builder", "https://ci.example/42"})
                  .status,
              0);
    const json run = stated("slsaprovenance1", "oci:shelf:1")["runDetails"];
    EXPECT_EQ(run["builder"]["id"], "https://ci.example/42");
    EXPECT_EQ(run["metadata"]["finishedOn"], "2023-11-14T22:13:20Z");
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

TEST_F(Attestations, OfAnImageListWhatElseIsInIt) {
    start_registry();
    const Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1"), "--format", "container,compat,bpfman",
                               "--attest", "tool.build.json", "--key", "key.pem"});
    ASSERT_EQ(pushed.status, 0) << pushed.err;
    const json image = stated("cyclonedx", ref("t/tool:1"));
    EXPECT_EQ(image["metadata"]["component"]["hashes"][0]["content"], hex_of("tool.wasm"));
    const json runtime = with_name(image["components"], "ecc-run");
    EXPECT_EQ(runtime["type"], "application");
    EXPECT_EQ(runtime["purl"], "pkg:generic/ecc-run@" + runtime["version"].get<std::string>());
    EXPECT_EQ(with_name(runtime["components"], "usr/bin/ecc-run")["hashes"][0]["content"],
              sha256_digest(read(ECC_BINARY_DIR "/bin/ecc-run")).substr(7));
    for (const char* part : {"libbpf", "wasmtime"})
        EXPECT_THAT(with_name(image["components"], part)["purl"].get<std::string>(),
                    HasSubstr(std::string("/") + part + "@"));
    const std::string version = run_here({"dpkg-query", "--show", "--showformat=${Version}", "libc6"}).out;
    const json libc = with_name(image["components"], "libc6");
    EXPECT_EQ(libc["version"], version);
    EXPECT_THAT(libc["purl"].get<std::string>(), HasSubstr("pkg:deb/debian/libc6@" + version.substr(0, 4)));
    for (const json& component : image["components"])
        EXPECT_NE(component["name"], "files of the image") << component << " has no name";
    const json packed = stated("cyclonedx", ref("t/tool:1-compat"));
    for (const json& component : packed["components"])
        EXPECT_NE(component["name"], "files of the image") << "there are no others";
    expect_refused({"verify", "--key", "key.pub", "--type", "cyclonedx", ref("t/tool:1-bpfman")}, 1, "");
    EXPECT_EQ(cosign_verify_attestation("slsaprovenance1").status, 0);
}

TEST_F(Attestations, NameNoVersionOfAnotherRuntimeThanTheOneThatIsHere) {
    std::filesystem::create_directory(file("bin"));
    std::filesystem::copy(ECC_BINARY_DIR "/bin/ecc", file("bin/ecc"));
    Bytes runtime = read(ECC_BINARY_DIR "/bin/ecc-run");
    runtime.push_back(0);
    write("bin/ecc-run", runtime);
    std::filesystem::permissions(file("bin/ecc-run"), std::filesystem::perms::all);
    ASSERT_EQ(run_here({file("bin/ecc"), "push", "tool.wasm", "oci:shelf:1", "--format", "container"}).status,
              0);
    ASSERT_EQ(ecc({"attest", "--key", "key.pem", "--record", "tool.build.json", "oci:shelf:1"}).status, 0);
    const json bill = stated("cyclonedx", "oci:shelf:1");
    const json others = with_name(bill["components"], "files of the image");
    EXPECT_EQ(with_name(others["components"], "usr/bin/ecc-run")["hashes"][0]["content"],
              sha256_digest(runtime).substr(7));
    for (const json& component : bill["components"])
        EXPECT_NE(component["name"], "ecc-run");
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
    write("large.json", as_bytes("\"" + std::string(900'000, 'x') + "\""));
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
