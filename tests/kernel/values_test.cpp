// Every kind of value that a kernel part can have, read through the bindings of every language: each prints
// what tests/kernel/programs/values.bpf.c wrote.
#include "tests/kernel/guest_folders.h"
#include "tests/kernel/kernel_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/utsname.h>

namespace ecc::test {
namespace {

using testing::ElementsAreArray;
using testing::MatchesRegex;

const std::vector<std::string> written = {
    "attached 1 1",
    "length 196",
    "first 241",
    "number -2",
    "address fedcba9876543210",
    "pointers ffff800000001000 ffff888000002000 7fff00003000",
    "colour -2",
    "size 123456789abcdef0",
    "tiny 200",
    "yes 1",
    "text twelve chars",
    "bytes 1 2 3 4 5",
    "keywords 1 2 3 4 5 6",
    "bits 5 1abcd abc -11 1",
    "wide bits a123456789 -2882400001 -2",
    "odd 6 7 8 9 10 11",
    "packed 7 89abcdef 123456789abcdef",
    "half 11223344 5566 77",
    "code 56781234 1234 5678",
    "inner 807060504030201 8 -300",
    "ratio -125",
    "matrix 1000 1002 1003 1005",
    "items 500:5 501:6 502:7",
    "wide 9 f123456789abcdeffedcba9876543210 -5 abcd",
    "counts 2",
    "queue 10 10 11 0, stack 11, full 1",
    "globals 8 42 41 40 -141",
    "statics 1 41 211 91",
};

/// The version and the configuration of this kernel; distributions have patch levels of their own.
std::string kernel_line() {
    utsname name{};
    ::uname(&name);
    unsigned major = 0, minor = 0;
    std::sscanf(name.release, "%u.%u", &major, &minor);
    const std::string hz = run({"sh", "-c",
                                "(zcat /proc/config.gz || cat /boot/config-$(uname -r)) 2>/dev/null |"
                                "sed -n s/^CONFIG_HZ=//p"})
                               .out;
    return fmt::format("kernel {:x}[0-9a-f]{{2}} {} 1 0", major << 8 | minor, hz.substr(0, hz.find('\n')));
}

class ValuesTest : public KernelTest, public testing::WithParamInterface<const char*> {
protected:
    fs::path build_in(const std::string& language) {
        const std::string programs = "tests/kernel/programs/";
        if (language == "c" || language == "cpp")
            return build({programs + "values.bpf.c", programs + "values." + language});
        use_cached_toolchains();
        const fs::path package = folder() / "values.wasm";
        const Output built = build_guest_folder(source(programs + "values.bpf.c"),
                                                source(programs + "values-" + language), package);
        EXPECT_EQ(built.status, 0) << built.err;
        return package;
    }
};

TEST_P(ValuesTest, are_what_the_kernel_part_wrote) {
    const Output output =
        start(build_in(GetParam()), {}, {"--allow", "act", "--allow", "files=/proc/sys"}).wait();
    ASSERT_EQ(output.status, 0) << output.err;
    std::vector<std::string> lines = split_lines(output.out);
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(), MatchesRegex(kernel_line()));
    lines.pop_back();
    EXPECT_THAT(lines, ElementsAreArray(written));
}

INSTANTIATE_TEST_SUITE_P(in, ValuesTest, testing::Values("c", "cpp", "rust", "go"),
                         [](const auto& test) { return std::string(test.param); });

} // namespace
} // namespace ecc::test
