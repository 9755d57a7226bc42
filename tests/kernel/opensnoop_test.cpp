// examples/opensnoop: a package without a user part.
#include "tests/kernel/kernel_test.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

struct Open {
    std::int64_t pid, ret, flags;
    std::string name;
    bool operator==(const Open&) const = default;
};

void PrintTo(const Open& open, std::ostream* out) {
    *out << open.name << " by " << open.pid << " flags " << open.flags << " = " << open.ret;
}

class OpensnoopTest : public KernelTest {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        if (HasFatalFailure())
            return;
        package_ = build({"examples/opensnoop/opensnoop.bpf.c"});
        marker_ = "/nowhere/" + unique_name("marker");
    }

    const fs::path& package() const { return package_; }

    void open_marker() const { open_and_close(marker_, O_RDONLY); }

    /// Returns when the program reports what this process opens.
    void wait_until_attached(Process& process) {
        const auto shows_marker = [&](const std::string& line) { return line.find(marker_) != line.npos; };
        ASSERT_TRUE(process.wait_for_line(shows_marker, [&] { open_marker(); })) << process.describe();
    }

    /// Everything opened before this call has been printed when it returns.
    void wait_until_current(Process& process) {
        const std::string end = "/nowhere/" + unique_name("end");
        open_and_close(end, O_RDONLY);
        const auto shows_end = [&](const std::string& line) { return line.find(end) != line.npos; };
        ASSERT_TRUE(process.wait_for_line(shows_end)) << process.describe();
    }

    /// The reported opens of names that contain `part`.
    static std::vector<Open> opens_of(const Output& output, const std::string& part) {
        std::vector<Open> opens;
        for (const std::string& line : split_lines(output.out)) {
            const json record = json::parse(line, nullptr, false);
            EXPECT_TRUE(record.is_object()) << line;
            if (!record.is_object() || record["fname"].get<std::string>().find(part) == std::string::npos)
                continue;
            opens.push_back({record["pid"], record["ret"], record["flags"], record["fname"]});
        }
        return opens;
    }

private:
    fs::path package_;
    std::string marker_;
};

TEST_F(OpensnoopTest, reports_exactly_the_files_that_were_opened) {
    Process process = start(package(), {"--json"});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());

    const std::string name = unique_name("exact");
    const std::string made = (folder() / name).string(), missing = "/nowhere/" + name;
    const std::int64_t descriptor = open_and_close(made, O_CREAT | O_WRONLY);
    ASSERT_GE(descriptor, 0);
    ASSERT_EQ(open_and_close(made, O_RDONLY), descriptor);
    ASSERT_EQ(open_and_close(missing, O_RDWR), -ENOENT);
    wait_until_current(process);

    const Output output = process.interrupt();
    const std::int64_t pid = ::getpid();
    const std::vector<Open> expected = {
        {pid, descriptor, O_CREAT | O_WRONLY | O_CLOEXEC, made},
        {pid, descriptor, O_RDONLY | O_CLOEXEC, made},
        {pid, -ENOENT, O_RDWR | O_CLOEXEC, missing},
    };
    EXPECT_EQ(opens_of(output, name), expected);
    EXPECT_EQ(output.status, 0);
    EXPECT_EQ(output.err, "");
}

TEST_F(OpensnoopTest, says_who_opened_a_file) {
    Process process = start(package(), {"--json"});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());

    const std::string name = "/nowhere/" + unique_name("who");
    const std::string comm = fs::path(::program_invocation_short_name).string().substr(0, 15);
    open_and_close(name, O_RDONLY);
    const auto line =
        process.wait_for_line([&](const std::string& text) { return text.find(name) != text.npos; });
    ASSERT_TRUE(line) << process.describe();
    const json record = json::parse(*line);
    EXPECT_EQ(record["pid"], ::getpid());
    EXPECT_EQ(record["uid"], ::getuid());
    EXPECT_EQ(record["comm"], comm);
}

TEST_F(OpensnoopTest, loses_no_event_of_a_burst) {
    Process process = start(package(), {"--json", "--targ-pid", std::to_string(::getpid())});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());

    const std::string name = unique_name("burst");
    constexpr int count = 500; // well within the ring buffer, so that nothing may be dropped
    for (int i = 0; i < count; ++i)
        open_and_close("/nowhere/" + name + "/" + std::to_string(i), O_RDONLY);
    wait_until_current(process);

    const std::vector<Open> opens = opens_of(process.interrupt(), name);
    ASSERT_EQ(opens.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        EXPECT_EQ(opens[i].name, "/nowhere/" + name + "/" + std::to_string(i));
}

TEST_F(OpensnoopTest, a_process_flag_hides_other_processes) {
    Process process = start(package(), {"--json", "--targ-pid", std::to_string(::getpid())});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());

    const std::string mine = unique_name("mine"), other = unique_name("other");
    const pid_t child = ::fork();
    if (child == 0) {
        open_and_close("/nowhere/" + other, O_RDONLY);
        ::_exit(0);
    }
    wait_for_exit(child);
    open_and_close("/nowhere/" + mine, O_RDONLY);
    wait_until_current(process);

    const Output output = process.interrupt();
    EXPECT_EQ(opens_of(output, mine).size(), 1U);
    EXPECT_THAT(opens_of(output, other), testing::IsEmpty());
}

TEST_F(OpensnoopTest, a_bool_flag_needs_no_value_and_shows_only_failures) {
    Process process = start(package(), {"--json", "--only-failed"});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());

    const std::string name = unique_name("fails");
    ASSERT_GE(open_and_close(folder() / name, O_CREAT | O_WRONLY), 0);
    open_and_close("/nowhere/" + name, O_RDONLY);
    wait_until_current(process);

    const std::vector<Open> opens = opens_of(process.interrupt(), name);
    ASSERT_EQ(opens.size(), 1U);
    EXPECT_EQ(opens[0].ret, -ENOENT);
}

TEST_F(OpensnoopTest, the_table_has_a_heading_and_aligned_columns) {
    Process process = start(package());
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());
    const std::string name = "/nowhere/" + unique_name("table");
    open_and_close(name, O_RDONLY);
    const auto row =
        process.wait_for_line([&](const std::string& line) { return line.find(name) != line.npos; });
    ASSERT_TRUE(row) << process.describe();

    const std::string heading = process.lines().at(0);
    EXPECT_EQ(heading.find("FNAME"), row->find(name)) << heading << "\n" << *row;
    const auto end_of = [](const std::string& line, const std::string& word) {
        return line.find(word) + word.size();
    };
    EXPECT_EQ(end_of(heading, "PID"), end_of(*row, std::to_string(::getpid()))) << heading << "\n" << *row;
    for (const std::string& line : process.lines())
        EXPECT_FALSE(line.ends_with(' ')) << "'" << line << "'";
}

TEST_F(OpensnoopTest, names_that_no_text_may_hold_still_make_valid_output) {
    const std::string key = unique_name("odd");
    const std::string odd = "/nowhere/" + key + "\"\\\n\x1b[31m\xff\xc3\xa4";
    Process as_json = start(package(), {"--json"});
    Process as_table = start(package());
    wait_until_attached(as_json);
    wait_until_attached(as_table);
    ASSERT_FALSE(HasFatalFailure());
    open_and_close(odd, O_RDONLY);
    wait_until_current(as_json);

    const std::vector<Open> opens = opens_of(as_json.interrupt(), key);
    ASSERT_EQ(opens.size(), 1U);
    EXPECT_EQ(opens[0].name, "/nowhere/" + key + "\"\\\n\x1b[31m\xef\xbf\xbd\xc3\xa4");

    const auto row =
        as_table.wait_for_line([&](const std::string& line) { return line.find(key) != line.npos; });
    ASSERT_TRUE(row) << as_table.describe();
    EXPECT_THAT(*row, testing::EndsWith(key + "\"\\\\x0a\\x1b[31m\\xff\xc3\xa4"));
}

TEST_F(OpensnoopTest, nothing_is_left_in_the_kernel_after_an_interrupt) {
    Process process = start(package(), {"--json"});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());
    const KernelObjects objects = objects_of(process.pid());
    EXPECT_GE(objects.programs.size(), 2U);
    EXPECT_GE(objects.maps.size(), 2U);
    EXPECT_GE(objects.links.size(), 2U);
    EXPECT_EQ(process.interrupt().status, 0);
    expect_gone(objects);
}

TEST_F(OpensnoopTest, a_reader_that_goes_away_ends_it_quietly) {
    Process process = start(package(), {"--json"});
    wait_until_attached(process);
    ASSERT_FALSE(HasFatalFailure());
    process.close_output();
    open_marker();
    const Output output = process.wait();
    EXPECT_EQ(output.status, 128 + SIGPIPE); // as any program that the shell runs
    EXPECT_EQ(output.err, "");
}

TEST_F(OpensnoopTest, help_describes_every_flag_with_its_default) {
    const Output output = run({ecc_run(), package(), "--", "--help"});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.out, StartsWith("Usage: opensnoop "));
    EXPECT_THAT(output.out, HasSubstr("\nTrace files that processes open\n"));
    EXPECT_THAT(output.out, HasSubstr("-p, --targ-pid VALUE"));
    EXPECT_THAT(output.out, HasSubstr("Only this process (a number from 0 to 4294967295; default 0)"));
    EXPECT_THAT(output.out, HasSubstr("default 4294967295)"));
    EXPECT_THAT(output.out, HasSubstr("-x, --only-failed "));
    EXPECT_THAT(output.out, HasSubstr("--json"));
}

TEST_F(OpensnoopTest, a_full_output_ends_it_with_the_reason) {
    const Output output = run({"sh", "-c", "exec \"$0\" \"$1\" >/dev/full", ecc_run(), package()});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("cannot write to standard output: no space left on device"));
}

struct BadCommandLine {
    Command arguments;
    std::string message;
};

TEST_F(OpensnoopTest, the_package_adds_at_most_15_kilobytes_to_its_object) {
    const json sizes = json::parse(run({ecc(), "inspect", "--json", package()}).out).at("sizes");
    EXPECT_EQ(sizes.at("total"), fs::file_size(package()));
    EXPECT_LE(sizes.at("total").get<int>() - sizes.at("objects").get<int>(), 15'000);
}

class OpensnoopUsageTest : public OpensnoopTest {};

TEST_F(OpensnoopUsageTest, a_wrong_command_line_is_refused_with_the_reason) {
    const std::vector<BadCommandLine> cases = {
        {{"--no-such"}, "--no-such: unknown flag"},
        {{"file"}, "file: takes no arguments besides flags"},
        {{"--targ-pid", "many"}, "--targ-pid: takes a number from 0 to 4294967295, not 'many'"},
        {{"--targ-pid=4294967296"}, "not '4294967296'"},
        {{"--targ-pid", "-1"}, "not '-1'"},
        {{"-p"}, "--targ-pid: takes a number from 0 to 4294967295: no value given"},
        {{"--only-failed=perhaps"}, "--only-failed: takes true or false, not 'perhaps'"},
    };
    for (const BadCommandLine& bad : cases) {
        Command command = {ecc_run(), package(), "--"};
        command.insert(command.end(), bad.arguments.begin(), bad.arguments.end());
        const Output output = run(command);
        EXPECT_EQ(output.status, 2) << bad.message;
        EXPECT_THAT(output.err, HasSubstr(bad.message));
        EXPECT_THAT(output.err, HasSubstr("--help"));
        EXPECT_EQ(output.out, "");
    }
}

} // namespace
} // namespace ecc::test
