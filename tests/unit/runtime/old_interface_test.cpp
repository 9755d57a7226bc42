// Modules of the older interface `wasm_bpf` on the running kernel.
#include "tests/unit/runtime/guest_process.h"

#include <csignal>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {
namespace {

class OldInterface : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root"; }
};

TEST_P(OldInterface, delivers_every_event_of_a_poll_by_callback) {
    GuestProcess guest({"--allow", "bytes", guest_path("old.wasm"), "--", GetParam(), "30"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    std::string expected = "ready\n";
    for (int i = 0; i < 30; ++i) {
        ::syscall(SYS_getpriority, 7777, i);
        expected += std::to_string(i) + " context 5 size 16\n";
    }
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    if (std::string(GetParam()) == "ring")
        EXPECT_EQ(ended.out, expected);
    else // buffers are per processor, and this test may move
        EXPECT_EQ(std::ranges::count(ended.out, '\n'), 31);
}

TEST_P(OldInterface, ends_at_the_first_signal) {
    GuestProcess guest({"--allow", "bytes", guest_path("old.wasm"), "--", GetParam(), "5"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    guest.signal(SIGINT);
    EXPECT_EQ(guest.wait().status, 128 + SIGINT);
}

TEST_P(OldInterface, survives_a_callback_that_polls_and_closes_what_is_polled) {
    GuestProcess guest({"--allow", "bytes", guest_path("old.wasm"), "--", GetParam(), "1", "again"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    ::syscall(SYS_getpriority, 7777, 0);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    const std::string acquired = std::string(GetParam()) == "perf" ? "-16" : "-22";
    EXPECT_EQ(ended.out, "ready\npoll -16\nacquire " + acquired + "\nclose -22\n");
}

INSTANTIATE_TEST_SUITE_P(Buffer, OldInterface, testing::Values("ring", "perf"));

TEST_F(OldInterface, is_held_to_the_limits) {
    for (const char* limit : {"programs=0", "maps=1"}) {
        const auto ended =
            run({"--allow", "bytes", "--limit", limit, guest_path("old.wasm"), "--", "ring", "1"});
        EXPECT_NE(ended.status, 0) << limit;
        EXPECT_THAT(ended.err, testing::HasSubstr("reached the limit")) << limit;
    }
}

TEST_F(OldInterface, answers_misuse_with_an_errno) {
    const auto ended = run({"--allow", "bytes", guest_path("old.wasm"), "--", "misuse"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "-9\n"        // a descriptor of the host
                         "-22\n"       // no such command
                         "-2\n"        // no such map
                         "-9\n"        // no such object
                         "-2\n"        // no such program
                         "-22\n"       // a callback of another type
                         "-22\n"       // no callback
                         "-22\n"       // beyond the table
                         "-22\n"       // a map without events
                         "0\n0\n"      // update, lookup
                         "value 11\n"  //
                         "0\n0\n"      // next key, delete
                         "-14\n"       // a value outside of the memory
                         "garbage 0\n" //
                         "outside 0\n" //
                         "0\n-9\n");   // closed, closed again
}

} // namespace
} // namespace ecc::test
