// User ring buffers: what guests send against what the kernel part sums of it.
#include "tests/kernel/guest_folders.h"
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;

const std::string programs = "tests/kernel/programs/";

using UserRingTest = KernelTest;

TEST_F(UserRingTest, samples_reach_the_program_and_errors_are_libbpfs) {
    const Output output = start(build({programs + "requests.bpf.c", programs + "requests.c"})).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("not loaded: Bad file descriptor", "another map: Invalid argument", "drained 50",
                            "drained 50", "drained 50", "total 7650 last even", "sent 102",
                            "full: No space left on device", "full for a while: No space left on device",
                            "negative time: Invalid argument", "too large: Argument list too long",
                            "drained 102", "drained 1", "left behind: success", "drained 0", "drained 1"));
}

class TypedUserRingTest : public KernelTest, public testing::WithParamInterface<const char*> {
protected:
    fs::path build_in(const std::string& language) {
        if (language == "cpp")
            return build({programs + "requests.bpf.c", programs + "requests.cpp"});
        use_cached_toolchains();
        const fs::path package = folder() / "package.wasm";
        const Output built = build_guest_folder(source(programs + "requests.bpf.c"),
                                                source(programs + "requests-" + language), package);
        EXPECT_EQ(built.status, 0) << built.out << built.err;
        return package;
    }
};

TEST_P(TypedUserRingTest, takes_records_of_the_types_that_the_program_reads) {
    const Output output = start(build_in(GetParam())).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("drained 1", "total 30", "sent 102", "full 1", "full for a while 1", "drained 2",
                            "total 230 notes 7", "another map 1"));
}

INSTANTIATE_TEST_SUITE_P(in, TypedUserRingTest, testing::Values("cpp", "rust", "go"),
                         [](const auto& test) { return std::string(test.param); });

} // namespace
} // namespace ecc::test
