// What `ecc build --record` and `ecc push --attest` state about a package: the bill of what went into it, and
// how and from which commit it was built.

#include "tests/registry/attestation_test.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Statements : public AttestationTest {};

TEST_F(Statements, ListWhatWentIntoThePackage) {
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

TEST_F(Statements, SayHowItWasBuilt) {
    push_attested();
    const json provenance = stated("slsaprovenance1", ref("t/tool:1"));
    const json& definition = provenance["buildDefinition"];
    EXPECT_EQ(definition["externalParameters"]["flags"], json::array({"-DA=1"}));
    EXPECT_EQ(with_name(definition["resolvedDependencies"], "tool.c")["digest"]["sha256"], hex_of("tool.c"));
    EXPECT_EQ(provenance["runDetails"]["byproducts"][0]["digest"]["sha256"], hex_of("tool.wasm"));
    EXPECT_THAT(stated("buildlog", ref("t/tool:1"))["log"].get<std::string>(), HasSubstr("compile tool.c"));
}

/// A build in a checkout of https://example.org/me/tools, whose address has secrets.
class StatementsOfACheckout : public AttestationTest {
protected:
    void SetUp() override {
        AttestationTest::SetUp();
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

TEST_F(StatementsOfACheckout, NameItsAddressAndCommit) {
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"}, {"digest", {{"gitCommit", commit_}}}});
}

TEST_F(StatementsOfACheckout, NameTheCommitWhereThereIsNoBranch) {
    git({"checkout", "-q", "--detach"});
    expect_source({{"uri", uri_ + commit_}, {"digest", {{"gitCommit", commit_}}}});
}

TEST_F(StatementsOfACheckout, NameTheCommitAloneWithoutAnAddressForThePublic) {
    git({"remote", "set-url", "origin", file("elsewhere")});
    expect_source({{"digest", {{"gitCommit", commit_}}}});
}

TEST_F(StatementsOfACheckout, ClaimNoCommitThatTheFilesAreNot) {
    write("limits.h", as_bytes("#define LIMIT 2\n"));
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"},
                   {"annotations", {{"basedOn", commit_}, {"state", "modified"}}}});
}

TEST_F(StatementsOfACheckout, ClaimNoCommitThatASourceIsNotIn) {
    git({"rm", "-q", "--cached", "limits.h"});
    git({"commit", "-q", "-m", "second"});
    commit_ = run_here({"git", "rev-parse", "HEAD"}).out.substr(0, 40);
    expect_source({{"uri", std::string(uri_) + "refs/heads/main"},
                   {"annotations", {{"basedOn", commit_}, {"state", "modified"}}}});
}

TEST_F(Statements, NameNoCommitOutsideACheckout) {
    push_attested();
    const json definition = stated("slsaprovenance1", ref("t/tool:1"))["buildDefinition"];
    EXPECT_FALSE(definition["externalParameters"].contains("source"));
    for (const json& dependency : definition["resolvedDependencies"])
        EXPECT_TRUE(dependency.contains("name")) << dependency;
}

TEST_F(Statements, NameTheBuilderAndTheTimeThatTheyAreTold) {
    set("SOURCE_DATE_EPOCH", "1700000000");
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1", "--attest", "tool.build.json", "--key", "key.pem",
                   "--builder", "https://ci.example/42"})
                  .status,
              0);
    const json run = stated("slsaprovenance1", "oci:shelf:1")["runDetails"];
    EXPECT_EQ(run["builder"]["id"], "https://ci.example/42");
    EXPECT_EQ(run["metadata"]["finishedOn"], "2023-11-14T22:13:20Z");
}

TEST_F(Statements, OfAnImageListWhatElseIsInIt) {
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

TEST_F(Statements, NameNoVersionOfAnotherRuntimeThanTheOneThatIsHere) {
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

} // namespace
} // namespace ecc::test
