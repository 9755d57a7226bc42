// What `ecc build --record` and `ecc push --attest` state about a package: the bill of what went into it, and
// how and from which commit it was built.

#include "tests/registry/attestation_test.h"
#include "tests/unit/package/samples.h"

#include <cstring>
#include <elf.h>
#include <set>

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

/// Images whose runtimes are headers of programs: what is in a bill of materials is never started.
class StatementsOfAnIndex : public AttestationTest {
protected:
    void SetUp() override {
        AttestationTest::SetUp();
        const Output built =
            ecc({"tool.bpf.c", "tool.c", "--arch", "x86,arm64", "--record", "tool.build.json"});
        ASSERT_EQ(built.status, 0) << built.err;
        write_runtime("amd64-run", EM_X86_64);
        write_runtime("arm64-run", EM_AARCH64);
    }

    void write_runtime(const std::string& name, Elf64_Half machine) {
        Elf64_Ehdr header = {};
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_machine = machine;
        write(name, {reinterpret_cast<const std::uint8_t*>(&header), sizeof header});
    }

    void push_image(const std::string& runtime, const std::string& tag) {
        const Output pushed =
            ecc({"push", "tool.wasm", "oci:shelf:" + tag, "--format", "container", "--runtime", runtime});
        ASSERT_EQ(pushed.status, 0) << pushed.err;
    }

    void expect_runtime(const json& bill, const std::string& platform, const std::string& runtime) {
        const json files = with_name(bill["components"], "files of the image for " + platform);
        EXPECT_EQ(with_name(files["components"], "usr/bin/ecc-run")["hashes"][0]["content"], hex_of(runtime));
    }

    Command attest(const std::string& reference) {
        return {"attest", "--key", "key.pem", "--record", "tool.build.json", reference};
    }
};

TEST_F(StatementsOfAnIndex, ListTheRuntimeOfEachImage) {
    const Output pushed =
        ecc({"push", "tool.wasm", "oci:shelf:1", "--format", "container", "--runtime", "amd64-run",
             "--runtime", "arm64-run", "--attest", "tool.build.json", "--key", "key.pem"});
    ASSERT_EQ(pushed.status, 0) << pushed.err;
    const json bill = stated("cyclonedx", "oci:shelf:1");
    expect_runtime(bill, "linux/amd64", "amd64-run");
    expect_runtime(bill, "linux/arm64", "arm64-run");
    std::set<std::string> references;
    for (const json& component : bill["components"])
        EXPECT_TRUE(references.insert(component.value("bom-ref", component["name"])).second)
            << component["name"];
}

TEST_F(StatementsOfAnIndex, ListThemAlsoIfItHasTheModuleItself) {
    push_image("arm64-run", "image");
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:wasm"}).status, 0);
    ASSERT_EQ(ecc({"manifest", "index", "create", "oci:shelf:1", "wasm", "image"}).status, 0);
    ASSERT_EQ(ecc(attest("oci:shelf:1")).status, 0);
    expect_runtime(stated("cyclonedx", "oci:shelf:1"), "linux/arm64", "arm64-run");
}

TEST_F(StatementsOfAnIndex, AreRefusedIfAnImageHasAnotherPackageOrNone) {
    push_image("amd64-run", "amd64");
    const Bytes package = read("tool.wasm");
    write("tool.wasm", samples::join({package, samples::custom_section("more", as_bytes("x"))}));
    push_image("arm64-run", "arm64");
    ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:kernel", "--format", "bpfman"}).status, 0);
    write("tool.wasm", package);
    ASSERT_EQ(ecc({"manifest", "index", "create", "oci:shelf:1", "amd64", "arm64"}).status, 0);
    expect_refused(attest("oci:shelf:1"), 1, "holds another package");
    const json kernel = json::parse(ecc({"manifest", "fetch", "oci:shelf:kernel"}).out);
    ASSERT_EQ(
        ecc({"manifest", "index", "create", "oci:shelf:1", "amd64", kernel["manifests"][1]["digest"]}).status,
        0);
    expect_refused(attest("oci:shelf:1"), 1, "holds the kernel part alone");
    ASSERT_EQ(ecc({"manifest", "index", "create", "oci:shelf:1", "amd64", "kernel"}).status, 0);
    expect_refused(attest("oci:shelf:1"), 1, "an index again");
    EXPECT_EQ(ecc(attest("oci:shelf:amd64")).status, 0);
}

TEST_F(StatementsOfAnIndex, AreRefusedIfThatListsMoreThanIsFetched) {
    push_image("amd64-run", "amd64");
    const json image = json::parse(ecc({"manifest", "fetch", "--descriptor", "oci:shelf:amd64"}).out);
    const json index = {{"schemaVersion", 2}, {"mediaType", index_type}, {"manifests", json(33, image)}};
    write("index.json", as_bytes(index.dump()));
    ASSERT_EQ(ecc({"manifest", "push", "oci:shelf:1", "index.json"}).status, 0);
    expect_refused(attest("oci:shelf:1"), 1, "lists 33 images; at most 32 are looked at");
}

TEST_F(Statements, NameNoVersionOfAnotherRuntimeThanTheOneThatIsHere) {
    Bytes runtime = read(ECC_BINARY_DIR "/bin/ecc-run");
    runtime.push_back(0);
    write("other-run", runtime);
    std::filesystem::permissions(file("other-run"), std::filesystem::perms::all);
    ASSERT_EQ(
        ecc({"push", "tool.wasm", "oci:shelf:1", "--format", "container", "--runtime", "other-run"}).status,
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
