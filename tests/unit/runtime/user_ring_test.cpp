// Guests that write user ring buffers, which a program on the running kernel drains.
#include "tests/unit/runtime/guest_process.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {
namespace {

constexpr int magic = 7778;

class UserRingTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root"; }

    std::string output_of(const char* mode) {
        const auto ended = run({file.path(), "--", mode});
        EXPECT_EQ(ended.status, 0) << ended.err;
        return ended.out;
    }

    TemporaryFile file{packaged("requests.wasm", {"requests"})};
};

TEST_F(UserRingTest, samples_reach_the_program_around_the_end_of_the_buffer) {
    EXPECT_EQ(output_of("many"), "drained 100\ndrained 100\ndrained 100\ndrained 100\ndrained 100\n"
                                 "sum 49500\n");
}

TEST_F(UserRingTest, samples_keep_the_order_of_their_reservations) {
    EXPECT_EQ(output_of("order"), "second 0\nbehind a reservation 0\nfirst 0\nbehind a discarded one 1\n"
                                  "sum 10\n");
}

TEST_F(UserRingTest, wrong_calls_are_answered_and_leave_slots_taken) {
    EXPECT_EQ(output_of("refuse"), "no map -9\nobject -22\nring buffer of the kernel -22\nno room ever -7\n"
                                   "flags -7\nshorter -22\nlonger -22\noutside -14\nforged -2\nforged -2\n"
                                   "still there 0\ntwice -2\ngiven back after -2\ndrained 1\n"
                                   "empty sample 0\n");
}

TEST_F(UserRingTest, a_full_buffer_takes_no_sample_until_it_is_drained) {
    EXPECT_EQ(output_of("overfill"), "filled 170\nfull -28\nfull for a while -28\ndrained 170\nagain 0\n");
}

TEST_F(UserRingTest, a_full_buffer_is_waited_for_until_the_program_drains_it_or_a_signal_comes) {
    GuestProcess guest({file.path(), "--", "wait"});
    ASSERT_TRUE(guest.wait_for_line("full -28"));
    ::syscall(SYS_getpriority, magic, 0);
    ASSERT_TRUE(guest.wait_for_line("waited 1"));
    ASSERT_TRUE(guest.wait_for_line("full -28"));
    guest.signal(SIGTERM);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "full -28\nwaited 1\nfull -28\nsignal -4\ntaken 15\n");
}

TEST_F(UserRingTest, a_guest_takes_no_more_slots_than_the_host_keeps) {
    EXPECT_EQ(output_of("hoard"), "unloaded -22\nload 0\nreserved 4096\none more -28\nclose 0\nclosed -9\n");
}

} // namespace
} // namespace ecc::test
