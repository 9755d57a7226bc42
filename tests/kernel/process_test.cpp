#include "tests/kernel/process.h"

#include <csignal>
#include <gtest/gtest.h>

namespace ecc::test {
namespace {

using std::chrono::milliseconds;

bool any_line(const std::string&) {
    return true;
}

TEST(Process, keeps_output_errors_and_status_apart) {
    const Output output = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
    EXPECT_EQ(output.out, "out\n");
    EXPECT_EQ(output.err, "err\n");
    EXPECT_EQ(output.status, 3);
}

TEST(Process, reports_the_signal_that_ended_a_program) {
    EXPECT_EQ(run({"sh", "-c", "kill -TERM $$"}).status, 128 + SIGTERM);
}

TEST(Process, a_program_that_does_not_exist_has_status_127_and_a_reason) {
    const Output output = run({"/no/such/program"});
    EXPECT_EQ(output.status, 127);
    EXPECT_EQ(output.err, "No such file or directory");
}

TEST(Process, much_output_on_both_streams_does_not_block) {
    const Output output =
        run({"sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo outline; echo errline >&2; i=$((i+1)); done"});
    EXPECT_EQ(output.out.size(), 20000U * 8);
    EXPECT_EQ(output.err.size(), 20000U * 8);
}

TEST(Process, finds_a_line_that_comes_later) {
    Process process = Process::start({"sh", "-c", "echo one; echo two; exec cat /dev/zero"});
    EXPECT_EQ(process.wait_for_line([](const std::string& line) { return line == "two"; }), "two");
}

TEST(Process, provokes_an_event_until_its_line_is_there) {
    Process process =
        Process::start({"sh", "-c", "trap 'echo caught; exit 0' USR1; echo ready; while :; do :; done"});
    ASSERT_TRUE(process.wait_for_line(any_line));
    int provoked = 0;
    const auto line = process.wait_for_line([](const std::string& text) { return text == "caught"; },
                                            [&] {
                                                process.send_signal(SIGUSR1);
                                                ++provoked;
                                            });
    EXPECT_TRUE(line);
    EXPECT_GE(provoked, 1);
}

TEST(Process, waiting_for_a_line_stops_at_the_end_of_the_program) {
    Process process = Process::start({"true"});
    EXPECT_FALSE(process.wait_for_line(any_line));
}

TEST(Process, waiting_for_a_line_stops_at_the_deadline) {
    Process process = Process::start({"sleep", "60"});
    EXPECT_FALSE(process.wait_for_line(any_line, {}, milliseconds(50)));
}

TEST(Process, a_program_that_does_not_end_in_time_has_no_status) {
    Process process = Process::start({"sleep", "60"});
    EXPECT_EQ(process.wait(milliseconds(50)).status, -1);
}

TEST(Process, an_interrupt_ends_a_program) {
    Process process = Process::start({"sleep", "60"});
    EXPECT_EQ(process.interrupt().status, 128 + SIGINT);
}

} // namespace
} // namespace ecc::test
