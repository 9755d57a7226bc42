#include "runtime-min/signals.h"

#include "runtime-min/exit_status.h"
#include "runtime-min/waiting.h"

#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
#include <semaphore>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace ecc {
namespace {

using namespace std::chrono_literals;

/// Signals go to the whole process, so every test has a watcher and sends what it wants to see.
class SignalsTest : public testing::Test {
protected:
    static void SetUpTestSuite() { Signals::block(); }

    std::binary_semaphore interrupted{0};
    std::unique_ptr<Signals> signals;

    void start(bool takes_signals, std::optional<std::chrono::milliseconds> timeout = {}) {
        signals = Signals::start({takes_signals, timeout, [this] { interrupted.release(); }, 1h}).value();
    }
    Wake wait(std::int64_t timeout_ms) {
        return wait_until(*signals, {}, timeout_ms, [] { return false; });
    }
};

TEST_F(SignalsTest, end_a_wait) {
    start(true);
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(wait(-1), Wake::signal);
    EXPECT_EQ(signals->take(), SIGINT);
    EXPECT_FALSE(signals->ending());
}

TEST_F(SignalsTest, leave_a_guest_that_took_them_alone) {
    start(true);
    ::kill(::getpid(), SIGTERM);
    wait(-1);
    signals->take();
    EXPECT_EQ(wait(1200), Wake::timeout);
    EXPECT_FALSE(signals->ending());
}

TEST_F(SignalsTest, end_a_guest_that_does_not_take_them_in_time) {
    start(true);
    ::kill(::getpid(), SIGHUP);
    ASSERT_TRUE(interrupted.try_acquire_for(10s));
    signals->finish();
    EXPECT_EQ(signals->end_status(), 128 + SIGHUP);
}

TEST_F(SignalsTest, end_a_guest_at_the_second_one) {
    start(true);
    ::kill(::getpid(), SIGINT);
    wait(-1);
    signals->take();
    ::kill(::getpid(), SIGTERM);
    ASSERT_TRUE(interrupted.try_acquire_for(10s));
    signals->finish();
    EXPECT_EQ(signals->end_status(), 128 + SIGTERM);
}

/// Ends in a host call that uses up its CPU time.
void stay_in_a_host_call(std::function<void()> report) {
    const auto watching = Signals::start({.interrupt = [] {},
                                          .host_call_period = 50ms,
                                          .cpu_time = 50ms,
                                          .report_out_of_cpu = std::move(report)});
    for (volatile bool stay = true; stay;) {
    }
}

TEST_F(SignalsTest, end_the_process_with_a_report_if_a_host_call_outlasts_the_cpu_time) {
    EXPECT_EXIT(stay_in_a_host_call([] { std::fputs("used up", stderr); }),
                testing::ExitedWithCode(status_trap), "^used up$");
}

TEST_F(SignalsTest, end_the_process_though_nobody_reads_the_report) {
    EXPECT_EXIT(stay_in_a_host_call([] { ::pause(); }), testing::ExitedWithCode(status_trap), "");
}

TEST_F(SignalsTest, count_once_if_the_same_comes_to_the_process_and_its_group) {
    start(true);
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(wait(-1), Wake::signal);
    EXPECT_EQ(signals->take(), SIGINT);
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(wait(100), Wake::timeout);
    EXPECT_FALSE(signals->ending());
    std::this_thread::sleep_for(200ms);
    ::kill(::getpid(), SIGINT);
    ASSERT_TRUE(interrupted.try_acquire_for(10s)) << "that one is a second one";
}

TEST_F(SignalsTest, end_a_guest_that_knows_nothing_of_them_at_once) {
    start(false);
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(wait(-1), Wake::signal);
    signals->finish();
    EXPECT_TRUE(signals->ending());
    EXPECT_EQ(signals->end_status(), 128 + SIGINT);
}

TEST_F(SignalsTest, come_from_the_time_limit_too) {
    start(true, 20ms);
    EXPECT_EQ(wait(-1), Wake::signal);
    EXPECT_EQ(signals->take(), SIGTERM);
    ASSERT_TRUE(interrupted.try_acquire_for(10s)) << "taking the signal is no way around the limit";
    signals->finish();
    EXPECT_EQ(signals->end_status(), status_timeout);
}

TEST_F(SignalsTest, do_not_disturb_a_wait_without_them) {
    start(true);
    EXPECT_EQ(wait(10), Wake::timeout);
    EXPECT_EQ(wait_until(*signals, {}, -1, [] { return true; }), Wake::ready);
    EXPECT_EQ(signals->take(), 0);
}

TEST_F(SignalsTest, wait_without_spinning_for_what_is_named_more_often_than_files_may_be_open) {
    start(true);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit few{64, before.rlim_max};
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const std::vector<pollfd> named(256, pollfd{ends[0], POLLIN, 0});
    int looks = 0;
    ::setrlimit(RLIMIT_NOFILE, &few);
    const auto woken = wait_until(*signals, named, 50, [&] { return ++looks < 0; });
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(woken, Wake::timeout);
    EXPECT_LT(looks, 10);
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace
} // namespace ecc
