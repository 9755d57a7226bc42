// Guests that do what they should not: each ends in an errno, a trap or a limit with words for it, never in a
// fault of the host.
#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;

struct Case {
    const char* mode; ///< of guests/abuse.c
    std::vector<std::string> options;
    int status;
    const char* says;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << one.mode;
}

class HostileGuest : public testing::TestWithParam<Case> {};

TEST_P(HostileGuest, ends_with_words) {
    const auto& [mode, options, status, says] = GetParam();
    auto arguments = options;
    arguments.insert(arguments.end(), {guest_path("abuse.wasm"), "--", mode});
    const auto ended = run(arguments);
    EXPECT_EQ(ended.status, status) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(says));
    EXPECT_THAT(ended.out, SizeIs(Le(2u << 20)));
}

const Case cases[]{
    {"loop", {"--timeout", "0.2"}, 124, ""},
    {"loop", {"--limit", "cpu=200ms"}, 134, "the limit \"cpu\": CPU time of the program, at most 0.2 s"},
    {"host-call-loop", {"--timeout", "0.2"}, 124, ""},
    {"host-call-loop", {"--limit", "cpu=0.2"}, 134, "--limit cpu="},
    {"recursion", {}, 134, "call stack exhausted"},
    {"recursion-with-frames", {}, 134, "out of bounds memory access"},
    {"grow", {"--limit", "memory=32M"}, 0, ""},
    {"grow", {}, 0, ""},
    {"grow", {"--limit", "memory=64K"}, 125, "--limit memory="},
    {"call-nothing", {"--limit", "tables=0"}, 125, "tables="},
    {"flood",
     {"--limit", "output=1M"},
     134,
     "the limit \"output\": standard output and error, at most 1 MiB"},
    {"flood-errors", {"--limit", "output=64K"}, 134, "the limit \"output\""},
    {"load", {}, 134, "out of bounds memory access"},
    {"store", {}, 134, "out of bounds memory access"},
    {"far-store", {}, 134, "out of bounds memory access"},
    {"fill", {}, 134, "out of bounds memory access"},
    {"copy", {}, 134, "out of bounds memory access"},
    {"divide", {}, 134, "divide by zero"},
    {"divide-too-far", {}, 134, "integer overflow"},
    {"call-nothing", {}, 134, "uninitialized element"},
    {"call-outside", {}, 134, "undefined element"},
    {"call-wrong-type", {}, 134, "indirect call type mismatch"},
    {"crash", {}, 134, "unreachable"},
    {"wasi-pointers", {}, 0, ""},
    {"random-outside", {}, 134, "out of bounds"},
    {"status-outside", {}, 134, "out of bounds"},
};

INSTANTIATE_TEST_SUITE_P(, HostileGuest, testing::ValuesIn(cases));

TEST(HostileGuestMemory, grows_to_its_limit_and_no_further) {
    const auto grown = run({"--limit", "memory=32M", guest_path("abuse.wasm"), "--", "grow"});
    EXPECT_THAT(std::stoi("0" + grown.out), testing::AllOf(testing::Gt(480), Le(512)));
}

TEST(HostileGuestInstances, are_counted_until_they_end) {
    GuestProcess first({"--limit", "instances=1", guest_path("plain.wasm"), "--", "sleep"});
    ASSERT_TRUE(first.wait_for_line("ready"));
    const auto second = run({"--limit", "instances=1", guest_path("plain.wasm")});
    EXPECT_EQ(second.status, 125);
    EXPECT_THAT(second.err, HasSubstr("the limit \"instances\""));
    EXPECT_EQ(run({"--limit", "instances=2", guest_path("plain.wasm")}).status, 0);
    first.signal(SIGKILL);
    first.wait();
    EXPECT_EQ(run({"--limit", "instances=1", guest_path("plain.wasm")}).status, 0);
}

} // namespace
} // namespace ecc::test
