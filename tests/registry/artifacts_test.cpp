// resolve, tag, tags, cp, attach, discover, manifest, blob and delete as a user calls them, on registries,
// layouts and archives, and beside oras and skopeo.

#include "support/digest.h"
#include "tests/registry/clients.h"
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

class Indexes : public Artifacts {
protected:
    /// Two images, for amd64 and arm64, and an index of them under the tag "made"; their digests.
    std::vector<std::string> push_images() {
        const json pushed = ecc_json({"push", "tool.wasm", ref("t/tool:made"), "--format", "bpfman"});
        made_ = json::parse(succeed({"manifest", "fetch", ref("t/tool:made")}).out)["manifests"];
        return {made_.at(0)["digest"], made_.at(1)["digest"]};
    }
    json entries(const std::string& tag) {
        return json::parse(succeed({"manifest", "fetch", ref("t/tool:" + tag)}).out)["manifests"];
    }
    std::string text_of(const Command& command) {
        const Output output = run_here(command);
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out.substr(0, output.out.find_last_not_of('\n') + 1);
    }

    json made_;
};

TEST_F(Indexes, NameThePlatformsOfTheirManifests) {
    start_registry();
    const auto images = push_images();
    succeed({"tag", ref("t/tool@") + images[0], "1-amd64"});
    succeed({"manifest", "index", "create", ref("t/tool:1"), "1-amd64", images[1], "-a", "x=y"});
    EXPECT_EQ(entries("1"), made_);
    EXPECT_EQ(made_[0]["platform"], (json{{"os", "linux"}, {"architecture", "amd64"}}));
    EXPECT_EQ(json::parse(succeed({"manifest", "fetch", ref("t/tool:1")}).out)["annotations"],
              (json{{"x", "y"}}));
    Output theirs = run_here(
        {oras(), "manifest", "index", "create", "--plain-http", ref("t/tool:theirs"), images[0], images[1]});
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    EXPECT_EQ(entries("theirs"), made_) << "as oras makes it";
}

TEST_F(Indexes, KeepTheVariantOfAnArchitecture) {
    start_registry();
    write("config.json", as_bytes(R"({"os":"linux","architecture":"arm","variant":"v7"})"));
    const json config = json::parse(succeed({"blob", "push", ref("t/tool"), "config.json", "--media-type",
                                             "application/vnd.oci.image.config.v1+json"})
                                        .out);
    write("image.json", as_bytes(json{{"schemaVersion", 2},
                                      {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                                      {"config", config},
                                      {"layers", json::array()}}
                                     .dump()));
    succeed({"manifest", "push", ref("t/tool:v7"), "image.json"});
    succeed({"manifest", "index", "create", ref("t/tool:1"), "v7"});
    EXPECT_EQ(entries("1")[0]["platform"],
              (json{{"os", "linux"}, {"architecture", "arm"}, {"variant", "v7"}}));
    Output theirs =
        run_here({oras(), "manifest", "index", "create", "--plain-http", ref("t/tool:theirs"), "v7"});
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    EXPECT_EQ(entries("theirs"), entries("1")) << "as oras makes it";
}

TEST_F(Indexes, LetSkopeoAndCraneChooseAnArchitecture) {
    start_registry();
    const auto images = push_images();
    succeed({"manifest", "index", "create", ref("t/tool:1"), images[0], images[1]});
    for (std::size_t i = 0; i < images.size(); i++) {
        const std::string architecture = made_[i]["platform"]["architecture"];
        EXPECT_EQ(text_of({client("crane"), "digest", "--insecure", "--platform", "linux/" + architecture,
                           ref("t/tool:1")}),
                  images[i]);
        const std::string config = text_of({"skopeo", "inspect", "--config", "--tls-verify=false",
                                            "--override-arch", architecture, "docker://" + ref("t/tool:1")});
        EXPECT_EQ(json::parse(config)["architecture"], architecture);
        EXPECT_EQ(json::parse(succeed({"manifest", "fetch-config", ref("t/tool@") + images[i]}).out),
                  json::parse(config));
    }
}

TEST_F(Indexes, AreMadeInLayoutsAndArchivesAndHoldPackagesAndIndexes) {
    for (const std::string place : {"oci:shelf", "oci-archive:shelf.tar"}) {
        const std::string package = push(place + ":one");
        succeed({"manifest", "index", "create", place + ":two", "one"});
        succeed({"manifest", "index", "create", place + ":three", "two", "one"});
        const json entries = json::parse(succeed({"manifest", "fetch", place + ":three"}).out)["manifests"];
        EXPECT_EQ(entries[0]["digest"], resolved(place + ":two"));
        EXPECT_FALSE(entries[0].contains("platform"));
        EXPECT_EQ(entries[1]["platform"], (json{{"os", "wasip1"}, {"architecture", "wasm"}}));
        succeed({"pull", place + ":three", "-o", "back.wasm"});
        EXPECT_EQ(read("back.wasm"), package_);
    }
}

TEST_F(Indexes, HaveOneManifestForEachPlatform) {
    const std::string first = push("oci:shelf:one");
    succeed({"push", "tool.wasm", "oci:shelf:two", "-a", "x=y"});
    const auto expect_refused = [&](const std::string& second, const std::string& reason) {
        const Output refused = ecc({"manifest", "index", "create", "oci:shelf:all", "one", second});
        EXPECT_EQ(refused.status, 1);
        EXPECT_THAT(refused.err, HasSubstr(reason));
    };
    expect_refused("two", "is for wasip1/wasm, as is " + first);
    expect_refused(first, "is in the index already");
    EXPECT_EQ(succeed({"tags", "oci:shelf"}).out, "one\ntwo\n");
    succeed({"push", "tool.wasm", "oci:shelf:image", "--format", "container"});
    succeed({"manifest", "index", "create", "oci:shelf:all", "one", "image"});
}

TEST_F(Indexes, AreNotMadeOfWhatIsNotThere) {
    push("oci:shelf:one");
    const auto create = [&](const std::string& target, const std::string& source) {
        return ecc({"manifest", "index", "create", target, source});
    };
    EXPECT_EQ(create("oci:shelf:all", "absent").status, 1);
    EXPECT_EQ(create("oci:shelf:all", "sha256:" + std::string(64, '0')).status, 1);
    EXPECT_EQ(create("oci:shelf:all", "sha256:12").status, 2);
    EXPECT_THAT(create("oci:shelf:all", "localhost:5000/t/tool:1").err, HasSubstr("copy it there"));
    EXPECT_EQ(create("oci:shelf@" + resolved("oci:shelf:one"), "one").status, 2);
    EXPECT_EQ(ecc({"manifest", "index", "create", "oci:shelf:all"}).status, 2);
    EXPECT_EQ(succeed({"tags", "oci:shelf"}).out, "one\n");
    succeed({"manifest", "index", "create", "oci:shelf:all", "one"});
    EXPECT_THAT(ecc({"manifest", "fetch-config", "oci:shelf:all"}).err, HasSubstr("is an index"));
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

TEST_F(Artifacts, AreCopiedWithoutDocumentsThatAreOnlyListed) {
    start_registry();
    push(ref("t/tool:1"));
    const std::string kept = attach(ref("t/tool:1")), deleted = attach(ref("t/tool:1"), "text/x-note");
    const Output theirs = run_here({client("crane"), "delete", ref("t/tool@") + deleted});
    ASSERT_EQ(theirs.status, 0) << theirs.err;
    const Output copied = succeed({"cp", "-r", ref("t/tool:1"), "oci:shelf:1"});
    EXPECT_THAT(copied.err, HasSubstr("warning: registry: " + deleted + " is listed as a referrer of "));
    EXPECT_THAT(copied.err, HasSubstr("is not there; it is left out"));
    const json found = ecc_json({"discover", "oci:shelf:1"});
    ASSERT_THAT(found["referrers"], SizeIs(1));
    EXPECT_EQ(found["referrers"][0]["digest"], kept);
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
    const std::string from_standard_input = ECC_BINARY_DIR "/bin/ecc blob push " + ref("new/tool") + " -";
    EXPECT_EQ(run_here({"sh", "-c", from_standard_input + " < config.json"}).status, 0);
    EXPECT_EQ(run_here({"sh", "-c", from_standard_input + " <&-"}).status, 3);
    succeed({"manifest", "push", ref("new/tool:1"), "manifest.json"});
    EXPECT_EQ(resolved(ref("new/tool:1")), digest);
    succeed({"blob", "delete", "--force", ref("new/tool@") + layer});
    EXPECT_EQ(ecc({"pull", ref("new/tool:1"), "-o", "back.wasm"}).status, 1);
}

TEST_F(Artifacts, GetSeveralTagsWithTheirManifest) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    push("oci:shelf:1");
    succeed({"manifest", "fetch", ref("t/tool:1"), "-o", "manifest.json"});
    for (const std::string& place : {ref("t/tool"), std::string("oci:shelf")}) {
        const std::string named = "@" + digest + "\n";
        EXPECT_EQ(succeed({"manifest", "push", place + ":2.1,2,latest", "manifest.json"}).out,
                  place + ":2.1" + named + place + ":2" + named + place + ":latest" + named);
        EXPECT_EQ(succeed({"tags", place}).out, "1\n2\n2.1\nlatest\n");
        EXPECT_EQ(resolved(place + ":latest"), digest);
        EXPECT_EQ(ecc({"manifest", "push", place + ":3,-bad", "manifest.json"}).status, 2);
        EXPECT_EQ(ecc({"resolve", place + ":3"}).status, 1) << "nothing was stored";
    }
    EXPECT_THAT(ecc_json({"manifest", "push", "oci:shelf:4,5", "manifest.json"})["references"], SizeIs(2));
}

TEST_F(Artifacts, SayWhatTheirConfigIs) {
    push("oci:shelf:1");
    const json manifest = ecc_json({"manifest", "fetch", "oci:shelf:1"})["content"];
    const Output described = succeed({"manifest", "fetch-config", "--descriptor", "oci:shelf:1"});
    EXPECT_EQ(json::parse(described.out), manifest["config"]);
}

TEST_F(Artifacts, ShowTheirManifestsForPeopleToo) {
    start_registry();
    const std::string digest = push(ref("t/tool:1"));
    const std::string text = succeed({"manifest", "fetch", ref("t/tool:1")}).out;
    const std::string pretty = succeed({"manifest", "fetch", "--pretty", ref("t/tool:1")}).out;
    EXPECT_THAT(pretty, StartsWith("{\n  \"annotations\": {\n    \""));
    EXPECT_EQ(json::parse(pretty), json::parse(text));
    EXPECT_THAT(succeed({"manifest", "fetch-config", "--pretty", ref("t/tool:1")}).out,
                StartsWith("{\n  \""));
    const std::string layer = sha256_digest(package_);
    EXPECT_EQ(json::parse(succeed({"blob", "fetch", "--descriptor", ref("t/tool@") + layer}).out)["size"],
              package_.size());
}

TEST_F(Artifacts, NamedByTheirDigestsAreNotOfferedAsTags) {
    start_registry();
    push(ref("t/tool:1"));
    attach(ref("t/tool:1"));
    EXPECT_THAT(succeed({"tags", ref("t/tool")}).out, StartsWith("1\nsha256-")) << "as in other clients";
    EXPECT_EQ(succeed({"tags", "--exclude-digest-tags", ref("t/tool")}).out, "1\n");
    EXPECT_THAT(ecc({"pull", ref("t/tool:2")}).err, HasSubstr("the tags are 1\n"));
}

TEST_F(Artifacts, AreExplainedByEveryCommand) {
    for (const char* command : {"resolve", "tag", "tags", "cp", "attach", "discover", "manifest", "blob",
                                "delete", "login", "logout", "push", "pull"}) {
        Output help = succeed({command, "--help"});
        EXPECT_THAT(help.out, HasSubstr(std::string("  ecc ") + command)) << "an example";
        EXPECT_EQ(ecc({command}).status, 2) << command;
    }
}

TEST_F(Artifacts, InALayoutOrAnArchiveMayBeABlobAlone) {
    for (const std::string place : {"oci:shelf", "oci-archive:shelf.tar"}) {
        const std::string blob = json::parse(succeed({"blob", "push", place, "tool.wasm"}).out)["digest"];
        EXPECT_EQ(succeed({"blob", "fetch", place + "@" + blob}).out, as_text(package_));
        succeed({"blob", "delete", "--force", place + "@" + blob});
        EXPECT_EQ(ecc({"blob", "fetch", place + "@" + blob}).status, 1);
    }
}

TEST_F(Artifacts, InAnArchiveBehindALinkAreChangedThere) {
    std::filesystem::create_directory(file("real"));
    std::filesystem::create_symlink("real/shelf.tar", file("link.tar"));
    const std::string digest = push("oci-archive:link.tar:1");
    succeed({"tag", "oci-archive:link.tar:1", "2"});
    EXPECT_TRUE(std::filesystem::is_symlink(file("link.tar")));
    EXPECT_EQ(resolved("oci-archive:real/shelf.tar:2"), digest);
}

TEST_F(Artifacts, InAnArchiveKeepWhatElseIsThere) {
    ecc({"push", "tool.wasm", "oci-archive:a.tar:1"});
    const auto shell = [&](const std::string& script) { return run_here({"sh", "-c", script}); };
    ASSERT_EQ(shell("mkdir -p blobs/sha512 && echo other >blobs/sha512/abc && echo '[]' >manifest.json &&"
                    "tar rf a.tar blobs manifest.json")
                  .status,
              0);
    EXPECT_EQ(ecc({"tag", "oci-archive:a.tar:1", "2"}).status, 0);
    EXPECT_EQ(shell("tar xOf a.tar manifest.json blobs/sha512/abc").out, "other\n[]\n");
    EXPECT_EQ(ecc({"pull", "oci-archive:a.tar:2", "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
    const Bytes before = read("a.tar");
    EXPECT_EQ(ecc({"tag", "oci-archive:a.tar:1", "2"}).status, 0);
    EXPECT_EQ(read("a.tar"), before) << "same content, same bytes";
}

TEST_F(Artifacts, InAnArchiveKeepWhatElseIsThereAsItIs) {
    ecc({"push", "tool.wasm", "oci-archive:a.tar:1"});
    const auto shell = [&](const std::string& script) {
        const Output output = run_here({"bash", "-ec", script});
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out;
    };
    const std::string long_name(150, 'n');
    shell("umask 0; mkdir -m 700 empty notes; echo run >notes/run; chmod 4755 notes/run;"
          "echo long >notes/" +
          long_name +
          "; echo e >$'notes/\\xc3\\xa9'; ln -s run notes/link;"
          "ln notes/run notes/same; mkfifo notes/fifo; truncate -s 8K notes/hole; echo end >>notes/hole;"
          "touch -d 2001-02-03T04:05:06 empty notes/* notes;"
          "tar cf others.tar --format=gnu --sparse --owner=1234 --group=4000000 empty notes;"
          "tar Af a.tar others.tar");
    const auto others = [&] {
        return shell("tar tvf a.tar --full-time --numeric-owner | grep ' empty\\| notes'");
    };
    const std::string before = others();
    succeed({"tag", "oci-archive:a.tar:1", "2"});
    EXPECT_EQ(succeed({"tags", "oci-archive:a.tar"}).out, "1\n2\n");
    EXPECT_EQ(others(), before);
    EXPECT_THAT(before, testing::AllOf(HasSubstr("empty/"), HasSubstr("rwsr-xr-x"), HasSubstr(long_name),
                                       HasSubstr("link to notes/"), HasSubstr("notes/link -> run")));
    shell("mkdir out && tar xf a.tar -C out --no-same-owner && diff -r notes/run out/notes/same &&"
          "cmp notes/hole out/notes/hole && cmp notes/" +
          long_name + " out/notes/" + long_name);
    const Bytes once = read("a.tar");
    succeed({"tag", "oci-archive:a.tar:1", "2"});
    EXPECT_EQ(read("a.tar"), once) << "same content, same bytes";
}

TEST_F(Artifacts, InAnArchiveThatHasALinkInTheirPlaceAreNotChanged) {
    ecc({"push", "tool.wasm", "oci-archive:a.tar:1"});
    const std::string blob = "blobs/sha256/" + std::string(64, '0');
    const std::string script =
        "mkdir -p blobs/sha256 && ln -s /etc/passwd " + blob + " && tar rf a.tar " + blob;
    ASSERT_EQ(run_here({"sh", "-c", script}).status, 0);
    const Bytes before = read("a.tar");
    const Output refused = ecc({"tag", "oci-archive:a.tar:1", "2"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("has " + blob + ", a link or the like in the place of"));
    EXPECT_EQ(read("a.tar"), before);
}

} // namespace
} // namespace ecc::test
