// What the commands around artifacts refuse before they do harm, and whom they name for it.

#include "tests/registry/registry_test.h"

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr int input_fault = 1, usage_fault = 2;

class Refusals : public RegistryTest {
protected:
    void push(const std::string& reference) { EXPECT_EQ(ecc({"push", "tool.wasm", reference}).status, 0); }

    void expect(const Output& output, int status, const std::string& part) {
        EXPECT_EQ(output.status, status) << output.err;
        EXPECT_THAT(output.err, HasSubstr(part));
    }

    std::string layer_of(const std::string& reference) {
        return ecc_json({"manifest", "fetch", reference})["content"]["layers"][0]["digest"];
    }
};

TEST_F(Refusals, AreForWhatIsNoMediaType) {
    push("oci:shelf:1");
    for (const std::string type : {"sbom", "text/", "/plain", "text/plain; charset=utf-8", "a/b/c", "-x/y"}) {
        for (const Command& command :
             {Command{"attach", "oci:shelf:1", "--artifact-type", type, "tool.wasm"},
              Command{"attach", "oci:shelf:1", "--artifact-type", "a/b", "tool.wasm:" + type},
              Command{"blob", "push", "oci:shelf", "tool.wasm", "--media-type", type}})
            expect(ecc(command), usage_fault, "is not a media type");
    }
    EXPECT_THAT(ecc_json({"discover", "oci:shelf:1"})["referrers"], IsEmpty());
}

TEST_F(Refusals, AreForFilesOfOneName) {
    push("oci:shelf:1");
    std::filesystem::create_directory(file("other"));
    write("other/tool.wasm", as_bytes(std::string_view("x")));
    expect(ecc({"attach", "oci:shelf:1", "--artifact-type", "a/b", "tool.wasm", "other/tool.wasm"}),
           usage_fault, "two files have the name tool.wasm");
    EXPECT_THAT(ecc_json({"discover", "oci:shelf:1"})["referrers"], IsEmpty());
}

TEST_F(Refusals, AreForAFormatGivenTwice) {
    expect(ecc({"push", "tool.wasm", "oci:shelf:1", "--format", "wasm,wasm"}), usage_fault,
           "--format wasm is given twice");
    EXPECT_FALSE(std::filesystem::exists(file("shelf")));
}

TEST_F(Refusals, NameTheSourceIfThatIsDamaged) {
    push("oci:shelf:1");
    Bytes damaged = package_;
    damaged.back() ^= 0xff;
    write("shelf/blobs/sha256/" + layer_of("oci:shelf:1").substr(7), damaged);
    start_registry();
    for (const std::string& target : {std::string("oci:copy:1"), ref("t/tool:1")}) {
        const Output copied = ecc({"cp", "oci:shelf:1", target});
        EXPECT_EQ(copied.status, input_fault);
        EXPECT_THAT(copied.err, StartsWith("ecc: error: oci:shelf:1: wrong digest"));
    }
}

TEST_F(Refusals, NameADamagedRegistryAsTheSource) {
    start_registry();
    push(ref("t/tool:1"));
    Bytes changed = package_, shorter = package_, longer = package_;
    changed.back() ^= 0xff;
    shorter.pop_back();
    longer.push_back(0);
    const auto blob = registry_->blob_file(layer_of(ref("t/tool:1")));
    for (const auto& [damaged, reason] : {std::pair(changed, "wrong digest"),
                                          {shorter, "the manifest says"},
                                          {longer, "the manifest says"}}) {
        EXPECT_TRUE(write_file(blob, damaged));
        for (const std::string target : {"oci:copy:1", "oci-archive:copy.tar:1"}) {
            const Output copied = ecc({"cp", ref("t/tool:1"), target});
            EXPECT_EQ(copied.status, input_fault);
            EXPECT_THAT(copied.err,
                        AllOf(StartsWith("ecc: error: " + ref("t/tool:1") + ": "), HasSubstr(reason)));
            EXPECT_NE(ecc({"resolve", target}).status, 0) << "nothing wrong is stored";
        }
    }
}

TEST_F(Refusals, AreForManifestsWhoseContentALayoutDoesNotHave) {
    push("oci:shelf:1");
    ASSERT_EQ(ecc({"manifest", "fetch", "oci:shelf:1", "-o", "manifest.json"}).status, 0);
    ASSERT_EQ(ecc({"manifest", "push", "oci:shelf:2", "manifest.json"}).status, 0);
    const std::string layer = layer_of("oci:shelf:1");
    ASSERT_EQ(ecc({"blob", "delete", "-f", "oci:shelf@" + layer}).status, 0);
    expect(ecc({"manifest", "push", "oci:shelf:3", "manifest.json"}), input_fault, "does not have " + layer);
    EXPECT_EQ(ecc({"resolve", "oci:shelf:3"}).status, input_fault);
}

TEST_F(Refusals, AreForBinaryBlobsOnATerminal) {
    push("oci:shelf:1");
    const std::string blob = "oci:shelf@" + layer_of("oci:shelf:1");
    const auto on_terminal = [&](const std::string& arguments) {
        return run_here({"script", "-qec", ECC_BINARY_DIR "/bin/ecc blob fetch " + arguments, "/dev/null"});
    };
    const Output refused = on_terminal(blob);
    EXPECT_EQ(refused.status, usage_fault);
    EXPECT_THAT(refused.out, HasSubstr("the blob is binary and standard output is a terminal"));
    EXPECT_EQ(on_terminal(blob + " -o -").status, 0);
    EXPECT_EQ(ecc({"blob", "fetch", blob}).status, 0) << "into a pipe";
    const std::string config = ecc_json({"manifest", "fetch", "oci:shelf:1"})["content"]["config"]["digest"];
    EXPECT_EQ(on_terminal("oci:shelf@" + config).status, 0) << "text";
}

} // namespace
} // namespace ecc::test
