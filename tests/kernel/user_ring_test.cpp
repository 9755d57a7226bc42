// User ring buffers: libbpf's API in the guest against the kernel.
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;

using UserRingTest = KernelTest;

TEST_F(UserRingTest, samples_reach_the_program_and_errors_are_libbpfs) {
    const Output output =
        start(build({"tests/kernel/programs/requests.bpf.c", "tests/kernel/programs/requests.c"})).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("not loaded: Bad file descriptor", "another map: Invalid argument", "drained 50",
                            "drained 50", "drained 50", "total 7650 last even", "sent 102",
                            "full: No space left on device", "full for a while: No space left on device",
                            "negative time: Invalid argument", "too large: Argument list too long",
                            "drained 102", "drained 1", "left behind: success", "drained 0", "drained 1"));
}

} // namespace
} // namespace ecc::test
