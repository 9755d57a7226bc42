// resolve, tag, tags, cp, attach, discover, manifest, blob and delete as a user calls them, on registries,
// layouts and archives, and beside oras and skopeo.

#include "support/digest.h"
#include "tests/registry/oras.h"
#include "tests/registry/registry_test.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class Artifacts : public RegistryTest {
protected:
    std::string push(const std::string& reference) {
        return ecc_json({"push", "tool.wasm", reference})["digest"].get<std::string>();
    }

    std::string resolved(const std::string& reference) {
        Output output = ecc({"resolve", reference});
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out.substr(0, output.out.find('\n'));
    }

    Output succeed(const Command& arguments) {
        Output output = ecc(arguments);
        EXPECT_EQ(output.status, 0) << output.err;
        return output;
    }

    std::string attach(const std::string& reference, const std::string& type = "text/markdown") {
        write("README.md", as_bytes("# tool\n"));
        return ecc_json({"attach", reference, "--artifact-type", type, "README.md:text/markdown", "-a",
                         "lang=en"})["digest"];
    }
};

TEST_F(Artifacts, AreResolvedToDigests) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    EXPECT_EQ(resolved(ref("t/tool:1")), digest);
    EXPECT_EQ(succeed({"resolve", "-l", ref("t/tool:1")}).out, ref("t/tool@") + digest + "\n");
    EXPECT_EQ(ecc_json({"resolve", ref("t/tool:1")})["size"].get<int>() > 0, true);
    EXPECT_EQ(ecc({"resolve", ref("t/tool:2")}).status, 1);
}

TEST_F(Artifacts, MayHaveSeveralTags) {
    start_registry();
    const std::string digest = push(ref("t/tool:1.2.3"));
    succeed({"tag", ref("t/tool:1.2.3"), "1.2", "latest"});
    EXPECT_EQ(resolved(ref("t/tool:latest")), digest);
    EXPECT_EQ(succeed({"tags", ref("t/tool")}).out, "1.2\n1.2.3\nlatest\n");
    EXPECT_EQ(ecc_json({"tags", ref("t/tool")})["tags"], (json{"1.2", "1.2.3", "latest"}));
    EXPECT_EQ(ecc({"tag", ref("t/tool:1.2.3"), "-bad"}).status, 2);
    EXPECT_EQ(ecc({"tag", ref("t/tool:1.2.3"), "a/b"}).status, 2);
}

TEST_F(Artifacts, OfALayoutHaveTagsToo) {
    push("oci:shelf:1");
    succeed({"tag", "oci:shelf:1", "2"});
    EXPECT_EQ(succeed({"tags", "oci:shelf"}).out, "1\n2\n");
    EXPECT_EQ(resolved("oci:shelf:1"), resolved("oci:shelf:2"));
}

TEST_F(Artifacts, AreCopiedBetweenAllKindsOfPlaces) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    succeed({"cp", ref("t/tool:1"), "oci:shelf"});
    succeed({"cp", "oci:shelf:1", "oci-archive:tool.tar:x"});
    succeed({"cp", "oci-archive:tool.tar:x", ref("other/tool:2")});
    succeed({"cp", ref("other/tool:2"), ref("third/tool:3")});
    for (const char* copy : {"oci:shelf:1", "oci-archive:tool.tar:x"})
        EXPECT_EQ(resolved(copy), digest);
    EXPECT_EQ(resolved(ref("other/tool:2")), digest);
    EXPECT_EQ(resolved(ref("third/tool:3")), digest);
    succeed({"pull", "oci-archive:tool.tar:x", "-o", "back.wasm"});
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Artifacts, InAnArchiveAreTheSameBytesEachTime) {
    push("oci-archive:a.tar:1");
    push("oci-archive:b.tar:1");
    EXPECT_EQ(read("a.tar"), read("b.tar"));
    succeed({"tag", "oci-archive:a.tar:1", "2"});
    EXPECT_EQ(succeed({"tags", "oci-archive:a.tar"}).out, "1\n2\n");
}

TEST_F(Artifacts, InAnArchiveAreReadBySkopeo) {
    const std::string digest = push("oci-archive:tool.tar:1");
    Output copied =
        run_here({"skopeo", "--insecure-policy", "copy", "oci-archive:tool.tar:1", "oci:shelf:1"});
    ASSERT_EQ(copied.status, 0) << copied.err;
    EXPECT_EQ(resolved("oci:shelf:1"), digest);
    copied = run_here({"skopeo", "--insecure-policy", "copy", "oci:shelf:1", "oci-archive:theirs.tar:1"});
    ASSERT_EQ(copied.status, 0) << copied.err;
    EXPECT_EQ(resolved("oci-archive:theirs.tar:1"), digest);
}

TEST_F(Artifacts, InSomethingElseThanAnArchiveAreRefused) {
    write("no.tar",
          as_bytes("this is no archive, and has never been one; it is longer than a header of tar though, "
                   "so that nobody can say that it just ends too early"));
    EXPECT_EQ(ecc({"resolve", "oci-archive:no.tar:1"}).status, 1);
    EXPECT_EQ(ecc({"resolve", "oci-archive:absent.tar:1"}).status, 1);
    Output tar = run_here({"tar", "cf", "evil.tar", "--transform", "s,^,../../,", "-P", "tool.wasm"});
    ASSERT_EQ(tar.status, 0) << tar.err;
    EXPECT_THAT(ecc({"resolve", "oci-archive:evil.tar:1"}).err, HasSubstr("is not an OCI layout"));
}

TEST_F(Artifacts, AreIndexedForSeveralArchitectures) {
    const std::string one = push("oci:shelf:1");
    const json entry = ecc_json({"manifest", "fetch", "oci:shelf:1"});
    const json index = {{"schemaVersion", 2},
                        {"mediaType", "application/vnd.oci.image.index.v1+json"},
                        {"manifests",
                         {{{"mediaType", entry["mediaType"]},
                           {"digest", one},
                           {"size", entry["size"]},
                           {"platform", {{"os", "wasip1"}, {"architecture", "wasm"}}}}}}};
    write("index.json", as_bytes(index.dump()));
    start_registry();
    succeed({"manifest", "push", "oci:shelf:all", "index.json"});
    succeed({"cp", "oci:shelf:all", ref("t/tool:all")});
    EXPECT_EQ(resolved(ref("t/tool@") + one), one);
    succeed({"pull", ref("t/tool:all"), "-o", "back.wasm"});
    EXPECT_EQ(read("back.wasm"), package_);
    succeed({"cp", ref("t/tool:all"), "oci:fresh:all"});
    EXPECT_EQ(json::parse(as_text(read("fresh/index.json")))["manifests"].size(), 1u) << "as skopeo wants it";
    EXPECT_EQ(resolved("oci:fresh@" + one), one) << "still reachable";
}

TEST_F(Artifacts, HaveDocumentsAttached) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    const std::string document = attach(ref("t/tool:1"));
    EXPECT_EQ(resolved(ref("t/tool:1")), digest) << "unchanged";
    const json found = ecc_json({"discover", ref("t/tool:1")});
    EXPECT_EQ(found["digest"], digest);
    ASSERT_THAT(found["referrers"], SizeIs(1));
    EXPECT_EQ(found["referrers"][0]["digest"], document);
    EXPECT_EQ(found["referrers"][0]["artifactType"], "text/markdown");
    EXPECT_EQ(found["referrers"][0]["annotations"]["lang"], "en");
    EXPECT_THAT(ecc_json({"discover", ref("t/tool:1"), "--artifact-type", "a/b"})["referrers"], IsEmpty());
    EXPECT_THAT(succeed({"discover", ref("t/tool:1")}).out, HasSubstr("└── " + document + "  text/markdown"));
}

TEST_F(Artifacts, AreCopiedWithTheirDocuments) {
    start_registry();
    push(ref("t/tool:1"));
    const std::string document = attach(ref("t/tool:1"));
    attach(ref("t/tool@") + document, "text/x-note");
    succeed({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"});
    succeed({"cp", "-r", "oci:shelf:1", ref("u/tool:1")});
    for (const std::string& copy : {std::string("oci:shelf:1"), ref("u/tool:1")}) {
        const json found = ecc_json({"discover", copy});
        ASSERT_THAT(found["referrers"], SizeIs(1)) << copy;
        EXPECT_EQ(found["referrers"][0]["digest"], document);
        EXPECT_THAT(found["referrers"][0]["referrers"], SizeIs(1));
    }
    succeed({"cp", ref("t/tool:1"), "oci:alone:1"});
    EXPECT_THAT(ecc_json({"discover", "oci:alone:1"})["referrers"], IsEmpty());
}

TEST_F(Artifacts, AreDiscoveredAndAttachedToByOras) {
    start_registry();
    push(ref("t/tool:1"));
    const std::string document = attach(ref("t/tool:1"));
    Output theirs = run_here({oras(), "discover", "--plain-http", "--format", "json", ref("t/tool:1")});
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    EXPECT_THAT(theirs.out, HasSubstr(document));
    theirs = run_here({oras(), "attach", "--plain-http", "--artifact-type", "text/x-theirs", ref("t/tool:1"),
                       "README.md:text/markdown"});
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    EXPECT_THAT(ecc_json({"discover", ref("t/tool:1")})["referrers"], SizeIs(2));
}

TEST_F(Artifacts, HaveTheirReferrersListedByARegistryThatCan) {
    start_registry({.referrers = true});
    push(ref("t/tool:1"));
    const std::string document = attach(ref("t/tool:1"));
    const json found = ecc_json({"discover", ref("t/tool:1")});
    ASSERT_THAT(found["referrers"], SizeIs(1));
    EXPECT_EQ(found["referrers"][0]["digest"], document);
    EXPECT_EQ(found["referrers"][0]["artifactType"], "text/markdown");
    succeed({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"});
    EXPECT_THAT(ecc_json({"discover", "oci:shelf:1"})["referrers"], SizeIs(1));
}

TEST_F(Artifacts, AreDeletedWithTheirTags) {
    start_registry();
    push(ref("t/tool:1"));
    succeed({"tag", ref("t/tool:1"), "2"});
    EXPECT_EQ(ecc({"delete", ref("t/tool:1")}).status, 2) << "nobody to ask";
    succeed({"delete", "--force", ref("t/tool:1")});
    EXPECT_EQ(ecc({"resolve", ref("t/tool:2")}).status, 1);
    push("oci:shelf:1");
    succeed({"delete", "--force", "oci:shelf:1"});
    EXPECT_EQ(succeed({"tags", "oci:shelf"}).out, "");
}

TEST_F(Artifacts, ThatReferredToOthersAreListedNoMoreOnceDeleted) {
    start_registry();
    push(ref("t/tool:1"));
    const std::string document = attach(ref("t/tool:1"));
    succeed({"delete", "--force", ref("t/tool@") + document});
    EXPECT_THAT(ecc_json({"discover", ref("t/tool:1")})["referrers"], IsEmpty());
}

TEST_F(Artifacts, ConsistOfManifestsAndBlobs) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    const std::string text = succeed({"manifest", "fetch", ref("t/tool:1")}).out;
    EXPECT_EQ(sha256_digest(as_bytes(text)), digest) << "byte for byte";
    const std::string layer = sha256_digest(package_);
    EXPECT_EQ(succeed({"blob", "fetch", ref("t/tool@") + layer}).out, as_text(package_));
    succeed({"blob", "fetch", ref("t/tool@") + layer, "-o", "layer.wasm"});
    EXPECT_EQ(read("layer.wasm"), package_);
    write("manifest.json", as_bytes(text));
    EXPECT_EQ(ecc({"manifest", "push", ref("new/tool:1"), "manifest.json"}).status, 3)
        << "its blobs are missing";
    succeed({"blob", "push", ref("new/tool"), "layer.wasm"});
    const json manifest = json::parse(text);
    succeed({"blob", "fetch", ref("t/tool@") + manifest["config"]["digest"].get<std::string>(), "-o",
             "config.json"});
    succeed({"blob", "push", ref("new/tool"), "config.json"});
    succeed({"manifest", "push", ref("new/tool:1"), "manifest.json"});
    EXPECT_EQ(resolved(ref("new/tool:1")), digest);
    succeed({"blob", "delete", "--force", ref("new/tool@") + layer});
    EXPECT_EQ(ecc({"pull", ref("new/tool:1"), "-o", "back.wasm"}).status, 1);
}

TEST_F(Artifacts, AreExplainedByEveryCommand) {
    for (const char* command : {"resolve", "tag", "tags", "cp", "attach", "discover", "manifest", "blob",
                                "delete", "login", "logout", "push", "pull"}) {
        Output help = succeed({command, "--help"});
        EXPECT_THAT(help.out, HasSubstr(std::string("  ecc ") + command)) << "an example";
        EXPECT_EQ(ecc({command}).status, 2) << command;
    }
}

} // namespace
} // namespace ecc::test
