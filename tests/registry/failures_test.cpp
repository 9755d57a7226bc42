// What goes wrong between a user and a registry: the message names the thing and the way out, the exit status
// says who has to act, and no file appears.

#include "support/digest.h"
#include "tests/registry/registry_test.h"
#include "tests/unit/package/samples.h"

#include <fstream>

namespace ecc::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int input_fault = 1, usage_fault = 2, environment_fault = 3, never_began = 125;

class Failures : public RegistryTest {
protected:
    void expect(const Output& output, int status, std::initializer_list<std::string> parts) {
        EXPECT_EQ(output.status, status) << output.err;
        EXPECT_EQ(output.out, "");
        for (const std::string& part : parts)
            EXPECT_THAT(output.err, HasSubstr(part));
        EXPECT_THAT(files(), ElementsAre("tool.wasm"));
    }
};

TEST_F(Failures, RegistryDown) {
    start_registry();
    const std::string host = registry_->host();
    registry_->stop();
    for (const Command& command : {Command{"push", "tool.wasm", ref("t/tool:1")},
                                   Command{"pull", ref("t/tool:1")}, Command{"inspect", ref("t/tool:1")}})
        expect(ecc(command), environment_fault, {host, "try: check that the registry runs"});
    expect(ecc({"run", ref("t/tool:1")}), never_began, {host, "try: check that the registry runs"});
}

TEST_F(Failures, UnknownHost) {
    expect(ecc({"pull", "registry.invalid/t/tool:1"}), environment_fault,
           {"registry.invalid", "spelling of the host"});
}

TEST_F(Failures, UnknownTag) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    ecc({"push", "tool.wasm", ref("t/tool:latest")});
    expect(ecc({"pull", ref("t/tool:2")}), input_fault,
           {ref("t/tool"), "no tag \"2\"; the tags are 1, latest"});
    expect(ecc({"pull", ref("t/tool")}), input_fault, {"no tag or digest given; the tags are 1, latest"});
    expect(ecc({"inspect", ref("t/tool:2")}), input_fault, {"no tag \"2\""});
    expect(ecc({"run", ref("t/tool:2")}), never_began, {"no tag \"2\""});
}

TEST_F(Failures, UnknownRepository) {
    start_registry();
    for (const Command& command : {Command{"pull", ref("t/nothing:1")}, Command{"tags", ref("t/nothing")}})
        expect(ecc(command), input_fault, {ref("t/nothing"), "no such repository", "try: check the name"});
}

TEST_F(Failures, UnknownDigest) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    const std::string digest = "sha256:" + std::string(64, '0');
    expect(ecc({"pull", ref("t/tool@" + digest)}), input_fault, {"no manifest " + digest, "the tags are 1"});
}

TEST_F(Failures, LayerDamagedOnTheRegistrysDisk) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    Bytes damaged = package_;
    damaged[damaged.size() / 2] ^= 1;
    ASSERT_TRUE(write_file(registry_->blob_file(sha256_digest(package_)), damaged));
    for (const Command& command :
         {Command{"pull", ref("t/tool:1")}, Command{"pull", ref("t/tool:1"), "-o", "-"},
          Command{"inspect", ref("t/tool:1")}})
        expect(ecc(command), input_fault,
               {ref("t/tool:1"), "wrong digest", sha256_digest(damaged), sha256_digest(package_), "try: "});
    expect(ecc({"run", ref("t/tool:1")}), never_began, {ref("t/tool:1"), "wrong digest"});
}

TEST_F(Failures, LayerDamagedOnTheRegistrysDiskIsRepairedAsTheHintSays) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    ASSERT_TRUE(write_file(registry_->blob_file(sha256_digest(package_)), Bytes(package_.size())));
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    expect(ecc({"pull", ref("t/tool:1")}), input_fault, {"try: ", "ecc delete", "garbage collection"});
    EXPECT_EQ(ecc({"delete", "--force", ref("t/tool:1")}).status, 0);
    const Output collected = registry_->collect_garbage();
    ASSERT_EQ(collected.status, 0) << collected.err;
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "tool.wasm"}).status, 0);
    EXPECT_EQ(read("tool.wasm"), package_);
}

TEST_F(Failures, LayerCutShortOnTheRegistrysDisk) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    std::filesystem::resize_file(registry_->blob_file(sha256_digest(package_)), 100);
    expect(ecc({"pull", ref("t/tool:1")}), input_fault, {sha256_digest(package_), "100 bytes"});
}

TEST_F(Failures, LayerGoneFromTheRegistrysDisk) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    std::filesystem::remove(registry_->blob_file(sha256_digest(package_)));
    expect(ecc({"pull", ref("t/tool:1")}), input_fault, {"does not have " + sha256_digest(package_)});
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "-"}).out, as_text(package_)) << "as the hint says";
}

TEST_F(Failures, PushedFileIsNoPackage) {
    start_registry();
    const Bytes module = samples::module();
    std::ofstream(file("tool.wasm")) << as_text(module);
    expect(ecc({"push", "tool.wasm", ref("t/tool:1")}), input_fault,
           {"tool.wasm", "module but not a package"});
    expect(ecc({"push", "absent.wasm", ref("t/tool:1")}), input_fault, {"absent.wasm"});
    expect(ecc({"pull", ref("t/tool:1")}), input_fault,
           {"no such repository"}); // nothing was stored before the check
}

TEST_F(Failures, PackageOfANewerFormat) {
    std::string text(as_text(package_));
    text.replace(text.find("\"format\":1"), 10, "\"format\":9");
    std::ofstream(file("tool.wasm")) << text;
    expect(ecc({"inspect", "tool.wasm"}), input_fault, {"package format 9", "update ecc and ecc-run"});
}

TEST_F(Failures, MalformedReference) {
    expect(ecc({"push", "tool.wasm", "Tools/x:1"}), usage_fault,
           {"Tools", "try: write HOST[:PORT]/NAME:TAG"});
    expect(ecc({"pull", "tool"}), usage_fault, {"is not a reference", "try: write HOST[:PORT]/NAME:TAG"});
}

TEST_F(Failures, NeitherFileNorReference) {
    expect(ecc({"inspect", "absent.wasm"}), input_fault, {"absent.wasm: no such file, and not a reference"});
    expect(ecc({"run", "absent.wasm"}), never_began, {"absent.wasm: no such file, and not a reference"});
}

TEST_F(Failures, OutputIsInNoFolder) {
    start_registry();
    ecc({"push", "tool.wasm", ref("t/tool:1")});
    expect(ecc({"pull", ref("t/tool:1"), "-o", "no/such/folder.wasm"}), input_fault,
           {"no/such/folder.wasm: cannot create"});
}

} // namespace
} // namespace ecc::test
