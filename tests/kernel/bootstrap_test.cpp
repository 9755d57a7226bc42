// examples/bootstrap: a user part in C with a skeleton, configuration and a ring buffer.
#include "tests/kernel/kernel_test.h"

#include <csignal>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class BootstrapTest : public KernelTest {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        if (HasFatalFailure())
            return;
        package_ = build({"examples/bootstrap/bootstrap.bpf.c", "examples/bootstrap/bootstrap.c"});
        // A shell under a name of its own: the events show a process by the name of its file.
        name_ = unique_name("sh");
        shell_ = (folder() / name_).string();
        fs::copy_file("/bin/sh", shell_);
    }

    const fs::path& package() const { return package_; }
    const std::string& name() const { return name_; }
    const std::string& shell() const { return shell_; }

    /// Runs a command in that shell to its end and returns the process's id.
    pid_t run_shell(const std::string& command, int expected_status) const {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::execl(shell_.c_str(), shell_.c_str(), "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        EXPECT_EQ(wait_for_exit(pid), expected_status);
        return pid;
    }

    static Process::LineTest line_about(pid_t pid, const std::string& event) {
        return [=](const std::string& line) {
            return line.find(" " + event + " ") != line.npos &&
                   line.find(" " + std::to_string(pid) + " ") != line.npos;
        };
    }

    /// Returns when ends of processes are reported.
    void wait_until_attached(Process& process, const std::string& command = "exit 0") {
        const auto about_the_shell = [&](const std::string& line) {
            return line.find(" EXIT ") != line.npos && line.find(" " + name_ + " ") != line.npos;
        };
        ASSERT_TRUE(process.wait_for_line(about_the_shell, [&] { run_shell(command, 0); }))
            << process.describe();
    }

private:
    fs::path package_;
    std::string name_, shell_;
};

TEST_F(BootstrapTest, reports_the_start_and_the_end_of_a_process) {
    Process process = start(package());
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());
    const pid_t pid = run_shell("exit 42", 42);
    const auto end = process.wait_for_line(line_about(pid, "EXIT"));
    ASSERT_TRUE(end) << process.describe();

    const std::string ids = std::to_string(pid) + " +" + std::to_string(::getpid());
    std::vector<std::string> about;
    for (const std::string& line : process.lines())
        if (line_about(pid, "EXEC")(line) || line_about(pid, "EXIT")(line))
            about.push_back(line);
    ASSERT_EQ(about.size(), 2U) << process.describe();
    const std::string clock = "[0-9]{2}:[0-9]{2}:[0-9]{2} ";
    EXPECT_THAT(about[0], MatchesRegex(clock + "EXEC  " + name() + " +" + ids + " +" + shell()));
    EXPECT_THAT(about[1], MatchesRegex(clock + "EXIT  " + name() + " +" + ids + " +\\[42\\] \\([0-9]+ms\\)"));

    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0);
    EXPECT_EQ(output.err, "");
}

TEST_F(BootstrapTest, a_minimum_duration_hides_starts_and_short_lives) {
    constexpr int long_ms = 300;
    Process process = start(package(), {"--duration", std::to_string(long_ms)});
    // A process that waits until its parent closes a pipe lives as long as the test wants.
    const auto live_for = [&](int milliseconds) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::dup2(ends[0], STDIN_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execl(shell().c_str(), shell().c_str(), "-c", "read x; exit 0", nullptr);
            ::_exit(127);
        }
        ::close(ends[0]);
        ::poll(nullptr, 0, milliseconds);
        ::close(ends[1]);
        wait_for_exit(pid);
        return pid;
    };
    const auto about_the_shell = [&](const std::string& line) {
        return line.find(" " + name() + " ") != line.npos;
    };
    ASSERT_TRUE(process.wait_for_line(about_the_shell, [&] { live_for(long_ms + 50); }))
        << process.describe();

    const pid_t brief = run_shell("exit 0", 0);
    const pid_t lasting = live_for(long_ms + 50);
    const auto end = process.wait_for_line(line_about(lasting, "EXIT"));
    ASSERT_TRUE(end) << process.describe();

    const Output output = process.interrupt();
    EXPECT_THAT(output.out, testing::Not(HasSubstr(" EXEC ")));
    EXPECT_THAT(output.out, testing::Not(HasSubstr(" " + std::to_string(brief) + " ")));
    const int duration = std::stoi(end->substr(end->find('(') + 1));
    EXPECT_GE(duration, long_ms);
    EXPECT_LT(duration, 10'000);
}

TEST_F(BootstrapTest, a_handled_signal_ends_it_with_its_own_status_and_leaves_nothing) {
    for (const int number : {SIGINT, SIGTERM}) {
        Process process = start(package());
        wait_until_attached(process);
        ASSERT_FALSE(HasFatalFailure());
        const KernelObjects objects = objects_of(process.pid());
        EXPECT_GE(objects.programs.size(), 2U);
        process.send_signal(number);
        EXPECT_EQ(process.wait().status, 0);
        expect_gone(objects);
    }
}

TEST_F(BootstrapTest, its_own_options_work_as_on_linux) {
    const Output help = run({ecc_run(), package(), "--", "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("Usage: bootstrap"));

    const Output wrong = run({ecc_run(), package(), "--", "-d", "soon"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'soon' is no duration"));
}

} // namespace
} // namespace ecc::test
