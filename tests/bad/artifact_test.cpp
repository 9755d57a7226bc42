// What a registry or layout can have wrong, through the commands; tests/registry speaks to real servers.

#include "support/digest.h"
#include "tests/bad/bad_input.h"

namespace ecc::test {
namespace {

class Artifact : public BadInput {
protected:
    void SetUp() override {
        write("good.wasm", package());
        ASSERT_EQ(run({ecc(), "push", path("good.wasm"), "oci:" + path("layout").string() + ":1"}).status, 0);
    }
    fs::path blob() const { return path("layout/blobs/sha256") / sha256_digest(package()).substr(7); }
};

TEST_F(Artifact, OfARegistryThatIsDownIsAnErrorOfTheEnvironment) {
    expect_refused({ecc(), "pull", "localhost:1/some/tool:1", "-o", "x.wasm"}, 3,
                   {"localhost:1", "registry"});
    expect_refused({ecc(), "push", "good.wasm", "localhost:1/some/tool:1"}, 3, {"localhost:1"});
    expect_refused({ecc(), "run", "localhost:1/some/tool:1"}, 125, {"localhost:1"});
}

TEST_F(Artifact, WithAnUnknownTagListsTheTags) {
    expect_refused({ecc(), "pull", "oci:layout:2", "-o", "x.wasm"}, 1, {"\"2\"", "the tags are 1"});
}

TEST_F(Artifact, WithContentOfAnotherDigestIsRefused) {
    Bytes changed = package();
    changed[changed.size() / 2] ^= 1;
    fs::permissions(blob(), fs::perms::owner_all);
    ASSERT_TRUE(write_file(blob(), changed));
    expect_refused({ecc(), "pull", "oci:layout:1", "-o", "x.wasm"}, 1, {"digest", sha256_digest(package())});
    expect_refused({ecc(), "run", "oci:layout:1"}, 125, {"digest"});
}

TEST_F(Artifact, WithMissingContentIsRefused) {
    fs::remove(blob());
    expect_refused({ecc(), "pull", "oci:layout:1", "-o", "x.wasm"}, 1, {sha256_digest(package())});
}

TEST_F(Artifact, KeepsAnOlderFileWhenThePullFails) {
    write("x.wasm", "older");
    fs::remove(blob());
    expect_refused({ecc(), "pull", "oci:layout:1", "-o", "x.wasm"}, 1, {});
    EXPECT_EQ(as_text(*read_file(path("x.wasm"))), "older");
}

TEST_F(Artifact, WhereNoFolderCanBeMadeSaysWhatToTry) {
    expect_refused({ecc(), "push", "good.wasm", "oci:/proc/nowhere/layout:1"}, 3,
                   {"cannot create the folder", "try: name a folder"});
}

TEST_F(Artifact, ThatIsACutArchiveSaysWhatToTry) {
    ASSERT_EQ(
        run({ecc(), "push", path("good.wasm"), "oci-archive:" + path("whole.tar").string() + ":1"}).status,
        0);
    const auto whole = *read_file(path("whole.tar"));
    ASSERT_TRUE(write_file(path("cut.tar"), ByteView(whole).first(whole.size() / 2)));
    expect_refused({ecc(), "pull", "oci-archive:cut.tar:1", "-o", "x.wasm"}, 1, {"tar archive", "try: copy"});
}

TEST_F(Artifact, WithAMalformedReferenceIsAUsageErrorThatShowsTheForm) {
    expect_refused({ecc(), "pull", "UPPER CASE/..:?"}, 2, {"UPPER CASE"});
}

TEST_F(Artifact, IsNotTakenWithANameThatIsEmpty) {
    const std::string reference = "oci:layout:1";
    const std::vector<std::pair<Command, std::string>> cases = {
        {{"gen", "k8s", "good.wasm", "--image", "example.org/x:1", "--verify-key", ""}, "--verify-key"},
        {{"gen", "k8s", "good.wasm", "--image", ""}, "--image"},
        {{"gen", "k8s", "good.wasm", "--image", "example.org/x:1", "--namespace", ""}, "--namespace"},
        {{"pull", reference, "--verify-key", ""}, "--verify-key"},
        {{"pull", reference, "--platform", ""}, "--platform"},
        {{"verify", reference, "--key", ""}, "--key"},
        {{"manifest", "fetch", reference, "-o", ""}, "--output"},
        {{"manifest", "fetch-config", reference, "-o", ""}, "--output"},
        {{"manifest", "index", "create", reference, "1", "--ca-file", ""}, "--ca-file"},
        {{"blob", "fetch", reference, "-o", ""}, "--output"},
        {{"blob", "push", reference, "good.wasm", "--ca-file", ""}, "--ca-file"},
    };
    for (const auto& [words, option] : cases) {
        Command command = {ecc()};
        command.insert(command.end(), words.begin(), words.end());
        expect_refused(command, 2, {option + ": the name is empty"});
    }
}

TEST_F(Artifact, OfACommandInACommandGetsThatCommandsHelp) {
    expect_refused({ecc(), "manifest", "fetch-config"}, 2, {"REF", "ecc manifest fetch-config --help"});
    expect_refused({ecc(), "manifest", "index", "create", "--nosuch"}, 2,
                   {"--nosuch", "ecc manifest index create --help"});
    expect_refused({ecc(), "manifest", "nosuch"}, 2, {"\"nosuch\"", "fetch-config", "ecc manifest --help"});
    expect_refused({ecc(), "manifest", "index", "nosuch"}, 2, {"\"nosuch\"", "ecc manifest index --help"});
    expect_refused({ecc(), "blob"}, 2, {"A subcommand is required"});
}

} // namespace
} // namespace ecc::test
