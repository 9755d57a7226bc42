// Guests that misuse the host interface on a real kernel: every function with every argument wrong, and more
// of the kernel than the limits permit.
#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HostInterface, answers_every_wrong_argument_of_every_function) {
    const TemporaryFile file(packaged("matrix.wasm", {"events", "requests"}));
    const auto ended = run({"--allow", "symbols", file.path()});
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
    EXPECT_THAT(ended.out, HasSubstr(" 0 failures"));
}

struct Limited {
    const char* limit;
    int result; ///< of loading or attaching
    const char* says;
};

std::ostream& operator<<(std::ostream& out, const Limited& one) {
    return out << one.limit;
}

class KernelLimits : public testing::TestWithParam<Limited> {};

TEST_P(KernelLimits, are_told_with_the_option_that_changes_them) {
    const auto& [limit, result, says] = GetParam();
    const TemporaryFile file(packaged("load.wasm", {"events"}));
    const auto ended = run({"--limit", limit, file.path(), "--", "events"});
    EXPECT_THAT(ended.out, HasSubstr("status " + std::to_string(result) + "\n"));
    EXPECT_THAT(ended.err, HasSubstr(says));
    EXPECT_THAT(ended.err, HasSubstr("--limit "));
}

INSTANTIATE_TEST_SUITE_P(
    , KernelLimits,
    testing::Values(Limited{"programs=0", -24, "BPF programs loaded at once, at most 0"},
                    Limited{"maps=1K", -12,
                            "memory of its BPF objects and their maps, when full, at most 1 KiB"},
                    Limited{"files=15", -24, "Too many open files"}));

TEST(MapLimit, counts_maps_of_closed_objects_that_another_objects_map_holds) {
    const TemporaryFile file(packaged("lending.wasm", {"lending"}));
    const auto ended = run({"--limit", "maps=7M", file.path()});
    EXPECT_EQ(ended.out, "lent 4, then -12\nafter the borrower was closed 0\n");
    EXPECT_THAT(ended.err, HasSubstr("--limit maps="));
}

TEST(MapLimit, counts_objects_that_are_open_and_not_loaded) {
    const TemporaryFile file(packaged("load.wasm", {"large"}));
    const auto ended = run({"--limit", "maps=8M", file.path(), "--", "large", "open"});
    EXPECT_THAT(ended.out, HasSubstr("then -12\n"));
    EXPECT_THAT(ended.err, HasSubstr("--limit maps="));
    EXPECT_THAT(run({"--limit", "maps=1M", file.path(), "--", "large"}).out, HasSubstr("status 0\n"));
}

TEST(MapLimit, counts_perf_buffers) {
    const TemporaryFile file(packaged("load.wasm", {"events"}));
    const auto ended = run({"--limit", "maps=512K", file.path(), "--", "events", "perf", "perf", "128"});
    EXPECT_THAT(ended.out, HasSubstr("status 0\n"));
    EXPECT_THAT(ended.out, HasSubstr("then -12\n"));
    EXPECT_THAT(ended.err, HasSubstr("--limit maps="));
    EXPECT_THAT(run({"--limit", "maps=2G", file.path(), "--", "events", "perf", "perf", "128"}).out,
                HasSubstr("then 0\n"));
}

TEST(CpuLimit, is_told_by_a_guest_that_is_ended_in_a_host_call) {
    const TemporaryFile file(packaged("load.wasm", {"acting"}));
    const auto ended =
        run({"--allow", "act", "--limit", "cpu=0.3", file.path(), "--", "acting", "test", "pass"});
    EXPECT_EQ(ended.status, 134);
    EXPECT_THAT(ended.out, Not(HasSubstr("then")));
    EXPECT_THAT(ended.err, HasSubstr("the limit \"cpu\": CPU time of the program, at most 0.3 s"));
    EXPECT_THAT(ended.err, HasSubstr("--limit cpu="));
}

TEST(LinkLimit, is_told_with_the_option_that_changes_it) {
    const TemporaryFile file(packaged("events.wasm", {"events"}));
    const auto ended = run({"--limit", "links=0", file.path()});
    EXPECT_EQ(ended.out, "attach: -24\n");
    EXPECT_THAT(ended.err, HasSubstr("BPF programs attached at once, at most 0"));
    EXPECT_THAT(ended.err, HasSubstr("--limit links="));
}

} // namespace
} // namespace ecc::test
