// Each known defect of the first runtimes of the older interface `wasm_bpf` has a test, named after it, that
// it is absent.
#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class OldDefect : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root"; }

    static std::vector<std::string> arguments(const std::string& mode) {
        return {"--allow", "bytes", guest_path("old_defects.wasm"), "--", mode};
    }
    static void make_events(int count) {
        for (int i = 0; i < count; ++i)
            ::syscall(SYS_getpriority, 7777, i);
    }
    /// The guest attaches, then come `count` events, then it does what `mode` says.
    static Ended run_after(int count, const std::string& mode) {
        GuestProcess guest(arguments(mode));
        EXPECT_TRUE(guest.wait_for_line("ready"));
        make_events(count);
        guest.write_input("\n");
        auto ended = guest.wait();
        EXPECT_EQ(ended.status, 0) << ended.err;
        return ended;
    }
};

TEST_F(OldDefect, only_the_last_event_of_a_poll_was_delivered) {
    EXPECT_EQ(run_after(20, "all events").out, "ready\n20 events, the last is 19\n");
}

TEST_F(OldDefect, an_object_could_have_one_buffer) {
    EXPECT_EQ(run_after(3, "several buffers").out, "ready\nfirst 3\nsecond 3\nperf 3\n");
}

TEST_F(OldDefect, events_were_cut_at_4096_bytes) {
    EXPECT_EQ(run_after(2, "large events").out, "ready\n0 ... 999\n1 ... 999\n");
}

TEST_F(OldDefect, the_size_of_an_event_could_exceed_the_bytes_copied) {
    EXPECT_EQ(run_after(1, "short buffer").out, "ready\ntold of 12 bytes, the next is ee\n");
}

TEST_F(OldDefect, the_place_for_events_was_not_looked_up_again_after_the_callback_grew_the_memory) {
    EXPECT_EQ(run_after(20, "growing memory").out, "ready\n20 events\n");
}

TEST_F(OldDefect, lookups_in_per_cpu_maps_wrote_beyond_the_room_that_was_checked) {
    EXPECT_EQ(run_after(4, "per cpu").out, "ready\nroom for one -14\nroom for all 0\nsum 4\n");
}

TEST_F(OldDefect, every_descriptor_of_the_host_was_a_map_and_unknown_names_were_crashes) {
    EXPECT_EQ(run_after(0, "descriptors").out, "ready\n"
                                               "descriptors of the host that were maps: 0\n"
                                               "no such map -2\n"
                                               "no such program -2\n"
                                               "no such object -9\n");
}

TEST_F(OldDefect, globals_could_not_be_read) {
    EXPECT_EQ(run_after(6, "globals").out, "ready\nlookup 0\nseen 6\n");
}

TEST_F(OldDefect, nobody_was_told_why_loading_failed) {
    const auto ended = run_after(0, "bad object");
    EXPECT_THAT(ended.out, HasSubstr("load 0\n"));
    EXPECT_THAT(ended.err, HasSubstr("ecc-run: error: object: "));
}

TEST_F(OldDefect, lost_events_were_not_counted) {
    constexpr int sent = 3000; // 64 pages hold fewer samples of 256 bytes
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    GuestProcess guest(arguments("lost"));
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(sent);
    guest.write_input("\n");
    ASSERT_TRUE(guest.wait_for_line("again"));
    make_events(1);
    guest.write_input("\n");
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    int received = 0;
    ASSERT_EQ(std::sscanf(ended.out.c_str(), "ready\nreceived %d\n", &received), 1) << ended.out;
    ASSERT_LT(received, sent);
    EXPECT_THAT(ended.err, HasSubstr(std::to_string(sent - received) + " events of map 'perf' were lost"));
}

TEST_F(OldDefect, bindings_with_wide_pointers_are_told_which_function_is_wrong) {
    const auto ended = run({"--allow", "bytes", guest_path("old_wide.wasm")});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("wasm_bpf_map_operate"));
}

class TinyGo : public OldDefect, public testing::WithParamInterface<const char*> {};

TEST_P(TinyGo, modules_take_events_with_an_export) {
    GuestProcess guest({"--allow", "bytes", guest_path("old_go.wasm"), "--", GetParam()});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(3);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, ContainsRegex("0 context 5 size 6[48]\n"));
    EXPECT_EQ(std::ranges::count(ended.out, '\n'), 4);
}

INSTANTIATE_TEST_SUITE_P(Buffer, TinyGo, testing::Values("events", "perf"));

} // namespace
} // namespace ecc::test
