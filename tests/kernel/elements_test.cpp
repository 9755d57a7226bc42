// Elements of maps in batches, queues, iterators and test runs: libbpf's API in the guest against the kernel.
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;

using ElementsTest = KernelTest;

TEST_F(ElementsTest, batches_queues_iterators_and_test_runs_answer_as_libbpf_does) {
    const Output output =
        start(build({"tests/kernel/programs/elements.bpf.c", "tests/kernel/programs/elements.c"})).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(
        split_lines(output.out),
        ElementsAre("fill: 0", "filled 100", "fill with a flag that batches do not have: Invalid argument",
                    "100 elements, sum 49500, more than one call 1, end: No such file or directory",
                    "delete two: 0", "delete them again: No such file or directory", "deleted 0",
                    "98 elements, sum 49430, more than one call 1, end: No such file or directory",
                    "0 elements, sum 0, more than one call 0, end: No such file or directory",
                    "a batch larger than memory: Bad address", "a batch of no map: Bad file descriptor",
                    "fill all cpus: 0", "read all cpus: 0", "4 elements, a value of each cpu: 1", //
                    "push: 0", "push: 0", "pop: 0", "popped 7", "pop: 0", "popped 8",
                    "pop: No such file or directory", "a descriptor 1", "5 is 50", "then 0", "close 0",
                    "read of a closed one -1 Bad file descriptor",
                    "another program: 0", //
                    "a descriptor 1", "the end", "then 0", "close 0",
                    "read of a closed one -1 Bad file descriptor",
                    "a program of another kind: Invalid argument", "an iterator of no link: Invalid argument",
                    "run: 0", "returned 1050, 64 bytes: xxx", "run without room: No space left on device",
                    "needed 64", "run with no room at all: 0", "needed 64, written 0",
                    "run on nothing: Invalid argument", "run on what is not there: Bad address",
                    "run of a map: Invalid argument", "close of standard input 0", "then read -1"));
}

} // namespace
} // namespace ecc::test
