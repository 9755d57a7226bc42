// push, pull, inspect and run as a user calls them, with a registry and a layout that behave.

#include "support/digest.h"
#include "tests/registry/registry_test.h"
#include "tests/unit/package/samples.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Commands : public RegistryTest {};

TEST_F(Commands, PushPrintsWhatNamesTheArtifactExactly) {
    start_registry();
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_THAT(pushed.out, StartsWith(ref("t/tool:1@sha256:")));
    EXPECT_EQ(pushed.err, "") << "no progress without a terminal";
    const std::string by_digest = pushed.out.substr(0, pushed.out.size() - 1);
    EXPECT_EQ(ecc({"pull", by_digest, "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Commands, PullWritesTheFileThatTheArtifactNames) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    Output pulled = ecc({"pull", ref("t/tool:1")});
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_THAT(pulled.out, StartsWith("opensnoop.wasm: " + ref("t/tool:1@sha256:")));
    EXPECT_EQ(read("opensnoop.wasm"), package_);
    EXPECT_THAT(files(), ElementsAre("opensnoop.wasm", "tool.wasm"));
}

TEST_F(Commands, PullWritesIntoAFolder) {
    std::filesystem::create_directory(file("shelf"));
    ecc({"push", "tool.wasm", "oci:layout:1"});
    EXPECT_THAT(ecc({"pull", "oci:layout:1", "-o", "shelf"}).out, StartsWith("shelf/opensnoop.wasm: "));
    EXPECT_EQ(read("shelf/opensnoop.wasm"), package_);
}

TEST_F(Commands, PushGivesSeveralTags) {
    start_registry();
    const Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1.2,1,latest"), "--format", "wasm,ecli"});
    ASSERT_EQ(pushed.status, 0) << pushed.err;
    for (const char* tag : {"1.2", "1", "latest", "1.2-ecli", "1-ecli", "latest-ecli"})
        EXPECT_THAT(pushed.out, HasSubstr(ref("t/tool:") + tag + "@sha256:"));
    EXPECT_EQ(ecc({"tags", ref("t/tool")}).out, "1\n1-ecli\n1.2\n1.2-ecli\nlatest\nlatest-ecli\n");
    EXPECT_EQ(ecc({"resolve", ref("t/tool:1")}).out, ecc({"resolve", ref("t/tool:latest")}).out);
    EXPECT_EQ(ecc({"push", "tool.wasm", "oci:a,b"}).status, 0) << "a folder may be called so";
    for (const char* wrong : {"t/tool:1,", "t/tool:,1", "t/tool:1,,2", "t/tool:1,/"})
        EXPECT_EQ(ecc({"push", "tool.wasm", ref(wrong)}).status, 2) << wrong;
}

TEST_F(Commands, PullReplacesAnOlderFile) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    write("old.wasm", as_bytes("old"));
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "old.wasm"}).status, 0);
    EXPECT_EQ(read("old.wasm"), package_);
}

TEST_F(Commands, PullWritesToStandardOutput) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    Output pulled = ecc({"pull", ref("t/tool:1"), "-o", "-"});
    EXPECT_EQ(pulled.out, as_text(package_));
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "-", "--json"}).status, 2);
}

TEST_F(Commands, PushReadsStandardInput) {
    start_registry();
    const std::string line = ECC_BINARY_DIR "/bin/ecc push - " + ref("t/tool:1") + " <tool.wasm";
    Output pushed = run_here({"sh", "-c", line});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "-"}).out, as_text(package_));
}

TEST_F(Commands, PushAgainGivesTheSameDigestAndMovesNoTag) {
    start_registry();
    json first = ecc_json({"push", "tool.wasm", ref("t/tool:1")});
    json second = ecc_json({"push", "tool.wasm", ref("t/tool:2")});
    EXPECT_EQ(first["digest"], second["digest"]);
    EXPECT_EQ(first["layer"]["digest"], sha256_digest(package_));
}

TEST_F(Commands, PushWithoutATagStoresByDigestOnly) {
    start_registry();
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_EQ(ecc({"pull", pushed.out.substr(0, pushed.out.size() - 1)}).status, 0);
}

TEST_F(Commands, PushRecordsSourceDateEpoch) {
    set("SOURCE_DATE_EPOCH", "1700000000");
    json pushed = ecc_json({"push", "tool.wasm", "oci:shelf:1"});
    auto manifest = read("shelf/blobs/sha256/" + pushed["digest"].get<std::string>().substr(7));
    EXPECT_THAT(std::string(as_text(manifest)), HasSubstr("2023-11-14T22:13:20Z"));
}

TEST_F(Commands, PullReportsAsJson) {
    json pushed = ecc_json({"push", "tool.wasm", "oci:shelf:1"});
    json pulled = ecc_json({"pull", "oci:shelf:1", "-o", "back.wasm"});
    EXPECT_EQ(pulled["digest"], pushed["digest"]);
    EXPECT_EQ(pulled["reference"], pushed["reference"]);
    EXPECT_EQ(pulled["file"], "back.wasm");
    EXPECT_EQ(pulled["layer"], pushed["layer"]);
}

TEST_F(Commands, InspectSaysWhatIsInside) {
    Output shown = ecc({"inspect", "tool.wasm"});
    EXPECT_EQ(shown.status, 0) << shown.err;
    for (const char* part : {"opensnoop", "1.2.3", "Dual BSD/GPL", "observe", "btf, ringbuf", "arm64",
                             "tracepoint/syscalls/sys_enter_openat", "ringbuf", "struct event: 12 bytes",
                             "comm", "target_pid", "only this process", "sha256:"})
        EXPECT_THAT(shown.out, HasSubstr(part));
}

TEST_F(Commands, InspectGivesTheManifestAndSizesAsJson) {
    json shown = ecc_json({"inspect", "tool.wasm"});
    EXPECT_EQ(shown["manifest"], json::parse(manifest_to_json(samples::package().manifest)));
    EXPECT_EQ(shown["digest"], sha256_digest(package_));
    EXPECT_EQ(shown["reference"], nullptr);
    EXPECT_EQ(shown["sizes"]["total"], package_.size());
    EXPECT_EQ(shown["sizes"]["btf"], 4);
}

TEST_F(Commands, InspectLooksIntoRegistriesAndLayouts) {
    start_registry();
    json pushed = ecc_json({"push", "tool.wasm", ref("t/tool:1")});
    json shown = ecc_json({"inspect", ref("t/tool:1")});
    EXPECT_EQ(shown["reference"], pushed["reference"]);
    EXPECT_EQ(shown["digest"], sha256_digest(package_));
    ecc({"push", "tool.wasm", "oci:shelf:1"});
    EXPECT_EQ(ecc_json({"inspect", "oci:shelf:1"})["manifest"], shown["manifest"]);
    EXPECT_THAT(files(), ElementsAre("shelf", "tool.wasm")) << "nothing is left behind";
}

TEST_F(Commands, InspectMakesNamesSafeForATerminal) {
    Package package = samples::package();
    package.manifest.description = "\x1b[2Jgone\nname  forged";
    write("evil.wasm", write_package(samples::module(), package).value());
    Output shown = ecc({"inspect", "evil.wasm"});
    EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
    EXPECT_THAT(shown.out, HasSubstr("\\x1b[2Jgone name  forged"));
}

TEST_F(Commands, AFileWinsOverAReference) {
    ecc({"push", "tool.wasm", "oci:shelf:1"});
    write("oci:shelf:1", as_bytes("not a package"));
    Output shown = ecc({"inspect", "oci:shelf:1"});
    EXPECT_EQ(shown.status, 1);
    EXPECT_THAT(shown.err, HasSubstr("is not a WebAssembly module"));
}

TEST_F(Commands, RunHandsOverToEccRun) {
    write("empty.wasm", Bytes{0, 'a', 's', 'm', 1, 0, 0, 0});
    EXPECT_EQ(ecc({"run", "empty.wasm"}).status, 125) << "no _start";
    Output bad_option = ecc({"run", "empty.wasm", "--no-such-option", "--", "--json"});
    EXPECT_EQ(bad_option.status, 125);
    EXPECT_THAT(bad_option.err, HasSubstr("ecc-run: "));
    EXPECT_THAT(bad_option.err, HasSubstr("--no-such-option"));
}

TEST_F(Commands, RunPassesOptionsAndArgumentsOnUnchanged) {
    Output help = ecc({"run", "tool.wasm", "--help", "--", "--plain-http"});
    EXPECT_EQ(help.status, 0) << help.err;
    EXPECT_THAT(help.out, HasSubstr("ecc-run [OPTIONS] FILE [-- ARGUMENTS]"));
    EXPECT_THAT(ecc({"run", "--help"}).out,
                HasSubstr("Usage: ecc run [OPTIONS] FILE|REF [ECC-RUN OPTIONS] [-- ARGUMENTS]"));
}

TEST_F(Commands, RunTakesArtifactsFromRegistriesAndLayouts) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    ecc({"push", "tool.wasm", "oci:shelf:1"});
    const Output from_file = ecc({"run", "tool.wasm"});
    EXPECT_EQ(from_file.status, 125) << "its objects are not ELF";
    EXPECT_THAT(from_file.err, StartsWith("ecc-run: "));
    for (const std::string& reference : {ref("t/tool:1"), std::string("oci:shelf:1")}) {
        Output run = ecc({"run", reference});
        EXPECT_EQ(run.status, 125);
        EXPECT_THAT(run.err, StartsWith("ecc-run: "));
    }
    EXPECT_THAT(files(), ElementsAre("shelf", "tool.wasm")) << "the artifact is in no file";
}

TEST_F(Commands, RunWithoutAPackageIsAUsageError) {
    Output run = ecc({"run", "--allow", "act", "tool.wasm"});
    EXPECT_EQ(run.status, 125) << "a number that programs do not use";
    EXPECT_THAT(run.err, HasSubstr("try: ecc run [OPTIONS] FILE|REF [ECC-RUN OPTIONS] [-- ARGUMENTS]"));
    EXPECT_EQ(ecc({"run"}).status, 125);
}

} // namespace
} // namespace ecc::test
