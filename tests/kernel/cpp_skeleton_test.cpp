// The C++ skeleton in a guest against the kernel: every type of map, record and global that it knows.
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;

using CppSkeletonTest = KernelTest;

TEST_F(CppSkeletonTest, reads_and_changes_by_type_what_the_kernel_part_has) {
    const int magic = 1'000'000 + ::getpid();
    Process process = start(build({"tests/kernel/programs/typed.bpf.c", "tests/kernel/programs/typed.cpp"}),
                            {std::to_string(magic)});
    ASSERT_TRUE(process.wait_for_line([](const std::string& line) { return line == "ready"; }))
        << process.describe();
    for (int i = 0; i < 3; ++i)
        std::ignore = ::getpgid(magic);
    const Output output = process.wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("set_autoload after load: Invalid argument",  //
                            "twice: Resource busy", "links 1 0", "ready", //
                            "number 1", "sentence 10 so it is", "number 2", "sentence 20 so it is",
                            "number 3", "sentence 30 so it is", //
                            "calls 3, links 0", "sampled 60",   //
                            "elements 60, erased 3, left 0", "erased again: No such file or directory",
                            "update 1, again: File exists, take 70", //
                            "on all cpus 3, updated 1: 1", "wrong count: Invalid argument", "by hand 1",
                            "kept 1, a function that was not declared: Operation not permitted"));
}

} // namespace
} // namespace ecc::test
