// examples/bootstrap, with a skeleton, configuration and a ring buffer: its user parts in C, Rust and Go.
#include "tests/kernel/guest_folders.h"
#include "tests/kernel/kernel_test.h"

#include <csignal>
#include <gmock/gmock.h>
#include <iostream>
#include <poll.h>
#include <set>
#include <sstream>
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
        // A shell under a name of its own: the events show a process by the name of its file.
        name_ = unique_name("sh");
        shell_ = (folder() / name_).string();
        fs::copy_file("/bin/sh", shell_);
    }

    /// The package with the user part in that language.
    fs::path package(const std::string& language) {
        if (language == "c")
            return build({"examples/bootstrap/bootstrap.bpf.c", "examples/bootstrap/bootstrap.c"});
        use_cached_toolchains();
        const fs::path package = folder() / (language + ".wasm");
        const Output built = build_guest_folder(source("examples/bootstrap/bootstrap.bpf.c"),
                                                source("examples/bootstrap-" + language), package);
        EXPECT_EQ(built.status, 0) << built.out << built.err;
        return package;
    }

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
    std::string name_, shell_;
};

/// In each language.
class BootstrapGuestTest : public BootstrapTest, public testing::WithParamInterface<const char*> {
protected:
    fs::path package() { return BootstrapTest::package(GetParam()); }
};

TEST_P(BootstrapGuestTest, reports_the_start_and_the_end_of_a_process) {
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

TEST_P(BootstrapGuestTest, a_minimum_duration_hides_starts_and_short_lives) {
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

TEST_P(BootstrapGuestTest, a_handled_signal_ends_it_with_its_own_status_and_leaves_nothing) {
    const fs::path built = package();
    for (const int number : {SIGINT, SIGTERM}) {
        Process process = start(built);
        wait_until_attached(process);
        ASSERT_FALSE(HasFatalFailure());
        const KernelObjects objects = objects_of(process.pid());
        EXPECT_GE(objects.programs.size(), 2U);
        process.send_signal(number);
        EXPECT_EQ(process.wait().status, 0);
        expect_gone(objects);
    }
}

INSTANTIATE_TEST_SUITE_P(in, BootstrapGuestTest, testing::Values("c", "rust", "go"),
                         [](const auto& test) { return std::string(test.param); });

/// A line of output, but for the clock.
struct Record {
    std::string kind, command, filename;
    pid_t pid = 0, parent = 0;
    int status = -1, milliseconds = 0;
};

Record record_of(const std::string& line) {
    Record record;
    std::istringstream words(line);
    std::string clock, rest;
    words >> clock >> record.kind >> record.command >> record.pid >> record.parent;
    std::getline(words >> std::ws, rest);
    if (record.kind == "EXEC")
        record.filename = rest;
    else
        std::sscanf(rest.c_str(), "[%d] (%dms)", &record.status, &record.milliseconds);
    return record;
}

/// Each has a BPF program of its own, which looks at the clock by itself.
void expect_same(const Record& one, const Record& other) {
    EXPECT_EQ(one.kind, other.kind);
    EXPECT_EQ(one.command, other.command);
    EXPECT_EQ(one.pid, other.pid);
    EXPECT_EQ(one.parent, other.parent);
    EXPECT_EQ(one.filename, other.filename);
    EXPECT_EQ(one.status, other.status);
    EXPECT_NEAR(one.milliseconds, other.milliseconds, 20);
}

TEST_F(BootstrapTest, guests_in_c_rust_and_go_print_the_same_records_of_the_same_processes) {
    std::vector<Process> guests;
    for (const char* language : {"c", "rust", "go"}) {
        const fs::path built = package(language);
        std::cout << "package in " << language << ": " << fs::file_size(built) << " bytes\n";
        guests.push_back(start(built));
        wait_until_attached(guests.back());
        ASSERT_FALSE(HasFatalFailure());
    }

    std::set<pid_t> pids;
    for (int status = 0; status < 20; ++status)
        pids.insert(run_shell("exit " + std::to_string(status), status));
    const pid_t last = run_shell("exit 99", 99);
    pids.insert(last);

    std::vector<std::vector<Record>> records;
    for (Process& guest : guests) {
        ASSERT_TRUE(guest.wait_for_line(line_about(last, "EXIT"))) << guest.describe();
        records.emplace_back();
        for (const std::string& line : split_lines(guest.interrupt().out))
            if (const Record record = record_of(line); pids.contains(record.pid))
                records.back().push_back(record);
    }
    ASSERT_EQ(records[0].size(), 2 * pids.size());
    for (const auto& others : {records[1], records[2]}) {
        ASSERT_EQ(others.size(), records[0].size());
        for (std::size_t i = 0; i < others.size(); ++i)
            expect_same(records[0][i], others[i]);
    }
}

TEST_F(BootstrapTest, its_own_options_work_as_on_linux) {
    const fs::path built = package("c");
    const Output help = run({ecc_run(), built, "--", "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("Usage: bootstrap"));

    const Output wrong = run({ecc_run(), built, "--", "-d", "soon"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'soon' is no duration"));
}

} // namespace
} // namespace ecc::test
