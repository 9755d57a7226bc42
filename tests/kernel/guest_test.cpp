// The libraries of user parts against the kernel: libbpf's API, signals, and the program that ecc generates.
// tests/kernel/programs has the packages' sources.
#include "tests/kernel/kernel_test.h"

#include <csignal>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <unistd.h>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr const char* programs = "tests/kernel/programs/";

Process::LineTest equals(std::string text) {
    return [text = std::move(text)](const std::string& line) { return line == text; };
}

class GuestTest : public KernelTest {
protected:
    fs::path build_programs(std::vector<std::string> names) {
        for (std::string& name : names)
            name = programs + name;
        return build(names);
    }

    /// What only this test's getpgid() asks for.
    static int magic() { return 1'000'000 + ::getpid(); }
    static std::string magic_text() { return std::to_string(magic()); }
    static void trigger() { (void)::getpgid(magic()); }
};

TEST_F(GuestTest, globals_are_the_kernels_before_and_after_loading) {
    Process process = start(build_programs({"rings.bpf.c", "rings.c"}), {magic_text()});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    trigger();
    trigger();
    ASSERT_TRUE(process.wait_for_line(equals("step 7"))) << process.describe();
    trigger();
    ASSERT_TRUE(process.wait_for_line(equals("all 3 twelve bytes 17"))) << process.describe();

    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                IsSupersetOf({"initially 1 0", "same place 1", "epoll Not supported", "calls 3 sum 17"}));
}

TEST_F(GuestTest, an_optional_program_is_loaded_if_the_user_part_asks_for_it) {
    Process process = start(build_programs({"optional.bpf.c", "optional.c"}));
    ASSERT_TRUE(process.wait_for_line(equals("attached 1 0 1"))) << process.describe();
    trigger();
    const Output output = process.wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out), ElementsAre("autoload 1 0 0", "set 0", "autoload 1", "loaded 1 0 1",
                                                     "attached 1 0 1", "ran 1 0 1"));
}

TEST_F(GuestTest, struct_ops_maps_take_effect_until_their_process_ends_in_whatever_way) {
    const auto known = [] {
        const std::string names = run({"cat", "/proc/sys/net/ipv4/tcp_available_congestion_control"}).out;
        return std::pair(names.contains("ecc_test"), names.contains("ecc_plain"));
    };
    const auto package = build_programs({"struct_ops.bpf.c", "struct_ops.c"});
    for (const int signal : {SIGINT, SIGKILL}) {
        Process process = start(package, {}, {"--allow", "act"});
        ASSERT_TRUE(process.wait_for_line(equals("attached 0"))) << process.describe();
        EXPECT_EQ(known(), std::pair(true, true));
        process.send_signal(signal);
        EXPECT_EQ(process.wait().status, signal == SIGINT ? 0 : 128 + SIGKILL);
        for (int i = 0; i < 500 && known() != std::pair(false, false); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_EQ(known(), std::pair(false, false)) << "signal " << signal;
    }
}

TEST_F(GuestTest, the_programs_of_a_struct_ops_map_are_chosen_among_those_of_the_object) {
    const auto package = build_programs({"struct_ops.bpf.c", "struct_ops.c"});
    const auto attaching = [&](const char* program) {
        const Output output = start(package, {program}, {"--allow", "act"}).wait();
        EXPECT_EQ(output.status, 1) << program;
        EXPECT_THAT(output.out, HasSubstr("as in the source 1")) << program;
        return split_lines(output.out).back();
    };
    EXPECT_EQ(attaching("unknown"), "attached -8"); // EBADF of WASI
    EXPECT_EQ(attaching("huge"), "attached -8");
    EXPECT_EQ(attaching("no program"), "attached -28"); // EINVAL of WASI
    EXPECT_EQ(attaching("another"), "attached -28");    // it is ssthresh already
    EXPECT_EQ(attaching("nothing"), "attached -28");    // the kernel wants one there
}

TEST_F(GuestTest, a_struct_ops_map_acts_and_needs_to_be_allowed) {
    const auto package = build_programs({"struct_ops.bpf.c", "struct_ops.c"});
    const auto output = start(package).wait();
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("--allow act"));
}

TEST_F(GuestTest, tail_calls_are_followed_and_targets_chosen_before_loading) {
    const auto package = build_programs({"chain.bpf.c", "chain.c"});
    const Output output = start(package, {}, {"--allow", "act,attach"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("no jump 7", "jump 9", "nothing: Invalid argument",
                            "no such function of a program: No such file or directory",
                            "a function of a program: done", "the function in its section: done",
                            "no program: Invalid argument", "too late: Invalid argument",
                            "no such function of the kernel: No such process",
                            "a function of the kernel: done"));
}

TEST_F(GuestTest, a_function_of_the_kernel_is_not_the_guests_to_choose) {
    const Output output = start(build_programs({"chain.bpf.c", "chain.c"}), {}, {"--allow", "act"}).wait();
    EXPECT_THAT(output.out, HasSubstr("a function of the kernel: Operation not permitted"));
    EXPECT_THAT(output.out, HasSubstr("a function of a program: done"));
    EXPECT_THAT(output.err, HasSubstr("--allow attach"));
}

TEST_F(GuestTest, one_poll_serves_several_ring_buffers_in_order_and_without_discarded_records) {
    Process process = start(build_programs({"rings.bpf.c", "rings.c"}), {magic_text()});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    for (int i = 0; i < 4; ++i)
        trigger();
    ASSERT_TRUE(process.wait_for_line(equals("even 4 8"))) << process.describe();
    ASSERT_TRUE(process.wait_for_line(equals("all 4 twelve bytes 17"))) << process.describe();

    std::vector<std::string> all, even;
    for (const std::string& line : process.lines()) {
        if (line.starts_with("all "))
            all.push_back(line);
        else if (line.starts_with("even "))
            even.push_back(line);
    }
    EXPECT_THAT(all, ElementsAre("all 1 twelve bytes 17", "all 2 twelve bytes 17", "all 3 twelve bytes 17",
                                 "all 4 twelve bytes 17"));
    EXPECT_THAT(even, ElementsAre("even 2 8", "even 4 8"));
}

TEST_F(GuestTest, more_records_than_the_buffer_holds_come_through_if_they_are_consumed) {
    Process process = start(build_programs({"rings.bpf.c", "rings.c"}), {magic_text()});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    constexpr int count = 400; // 64 bytes each with its discarded twin: six times round the buffer of 4096
    for (int i = 1; i <= count; ++i) {
        trigger();
        if (i % 20 == 0) {
            ASSERT_TRUE(process.wait_for_line(equals("all " + std::to_string(i) + " twelve bytes 17")))
                << process.describe();
        }
    }
    const Output output = process.interrupt();
    int next = 1;
    for (const std::string& line : split_lines(output.out)) {
        if (line.starts_with("all ")) {
            EXPECT_EQ(line, "all " + std::to_string(next++) + " twelve bytes 17");
        }
    }
    EXPECT_EQ(next, count + 1);
}

TEST_F(GuestTest, a_backlog_is_consumed_in_the_portions_that_are_asked_for) {
    Process process = start(build_programs({"rings.bpf.c", "portions.c"}), {magic_text()});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    for (int i = 0; i < 10; ++i)
        trigger();
    EXPECT_THAT(split_lines(process.wait().out),
                ElementsAre("ready", "0: 0, up to 0", "1: 1, up to 1", "3: 3, up to 4", "100: 6, up to 10",
                            "1: 0, up to 10"));
}

TEST_F(GuestTest, a_negative_result_of_the_callback_stops_the_poll_after_that_record) {
    Process process = start(build_programs({"rings.bpf.c", "rings.c"}), {magic_text(), "1"});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    trigger();
    ASSERT_TRUE(process.wait_for_line(equals("poll -7"))) << process.describe();
    trigger();
    ASSERT_TRUE(process.wait_for_line(equals("all 2 twelve bytes 17"))) << process.describe();
    const Output output = process.interrupt();
    const std::vector<std::string> lines = split_lines(output.out);
    EXPECT_EQ(std::ranges::count(lines, "all 1 twelve bytes 17"), 1);
    EXPECT_EQ(std::ranges::count(lines, "poll -7"), 1);
}

TEST_F(GuestTest, map_operations_answer_as_libbpf_does) {
    const Output output = start(build_programs({"maps.bpf.c", "maps.c"})).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    const int cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_CONF));
    EXPECT_THAT(
        split_lines(output.out),
        ElementsAre(
            "fd before load -1", "more entries before load: 0", "entries 5 key 4 value 8", "map table",
            "map per_cpu", "program touch", "handle 1", "lookup of nothing: No such file or directory",
            "insert: 0", "insert again: File exists", "lookup: 0", "value 123456789abcdef0",
            "lookup with a wrong size: Invalid argument", "insert into a full map: Argument list too long",
            "5 keys, then: next: No such file or directory", "delete: 0",
            "delete again: No such file or directory", "lookup in a map that is none: Bad file descriptor",
            "more entries after load: Resource busy", "cpus " + std::to_string(cpus), "update of all cpus: 0",
            "lookup of all cpus: 0", "sum " + std::to_string(cpus * (cpus + 1) / 2), "unknown map 1",
            "unknown object 1"));
    EXPECT_THAT(output.err, HasSubstr("nothing"));
}

struct SignalCase {
    std::string mode;
    int number, status;
    std::string last_line;
};

TEST_F(GuestTest, signals_reach_a_program_as_on_linux) {
    const fs::path package = build_programs({"maps.bpf.c", "signals.c"});
    const std::vector<SignalCase> cases = {
        {"none", SIGINT, 128 + SIGINT, "ready"},
        {"none", SIGTERM, 128 + SIGTERM, "ready"},
        {"handle", SIGINT, 0, "slept -1 Interrupted system call, signal 2, time left 1"},
        {"sigaction", SIGTERM, 0, "slept -1 Interrupted system call, signal 15, time left 1"},
        {"handle", SIGTERM, 128 + SIGTERM, "ready"},
        {"ignore", SIGTERM, 128 + SIGTERM, "ready"},
        {"compute", SIGINT, 128 + SIGINT, "ready"},
    };
    for (const SignalCase& test : cases) {
        SCOPED_TRACE(test.mode + " " + std::to_string(test.number));
        Process process = start(package, {test.mode});
        ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
        process.send_signal(test.number);
        const Output output = process.wait();
        EXPECT_EQ(output.status, test.status) << output.err;
        EXPECT_EQ(split_lines(output.out).back(), test.last_line);
    }
    EXPECT_EQ(start(package, {"raise"}).wait().status, 128 + SIGTERM);
}

class GeneratedProgramTest : public GuestTest {
protected:
    /// The first lines that two calls of getpgid() make, of both records.
    std::vector<std::string> lines_of(const Command& arguments) {
        Process process = start(build_programs({"records.bpf.c"}), arguments);
        const auto of_wide = [](const std::string& line) { return line.find("wide") != line.npos; };
        EXPECT_TRUE(process.wait_for_line(of_wide, trigger)) << process.describe();
        return split_lines(process.interrupt().out);
    }
};

TEST_F(GeneratedProgramTest, json_tells_every_member_and_which_record_it_is) {
    const std::vector<std::string> lines = lines_of({"--json", "--magic", magic_text()});
    ASSERT_GE(lines.size(), 2U);
    EXPECT_EQ(json::parse(lines[0]), json::parse(R"({"record": "brief", "offset": -3})"));
    EXPECT_EQ(json::parse(lines[1]), json::parse(R"({
        "record": "wide", "big": 18446744073709551615, "negative": -9007199254740993,
        "address": "0xffff888000000000", "at": {"x": -1, "y": 2}, "color": "GREEN", "unknown": 9,
        "low": 5, "high": 17, "list": [1, 0, 255], "yes": true, "label": "label",
        "path": [{"x": 0, "y": 0}, {"x": 0, "y": 7}]})"));
}

TEST_F(GeneratedProgramTest, both_of_its_records_are_in_the_bindings_of_every_language_too) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> expected = {
        {"cpp", {"auto as_brief() const", "auto as_wide() const"}},
        {"rust", {"pub fn as_brief(self)", "pub fn as_wide(self)"}},
        {"go", {"Brief() *Brief", "Wide() *Wide"}},
    };
    for (const auto& [language, functions] : expected) {
        const Output text = run(
            {ecc(), "gen", "skeleton", "--lang", language, source(std::string(programs) + "records.bpf.c")});
        for (const std::string& function : functions)
            EXPECT_THAT(text.out, HasSubstr(function)) << text.err;
    }
}

TEST_F(GeneratedProgramTest, flags_of_every_kind_change_what_the_kernel_sees) {
    const std::vector<std::string> lines = lines_of(
        {"--json", "--magic=" + magic_text(), "--shade", "RED", "--label", "new", "--offset", "-32768"});
    ASSERT_GE(lines.size(), 2U);
    EXPECT_EQ(json::parse(lines[0])["offset"], -32768);
    EXPECT_EQ(json::parse(lines[1])["color"], "RED");
    EXPECT_EQ(json::parse(lines[1])["label"], "new");
}

TEST_F(GeneratedProgramTest, the_table_begins_every_line_with_the_records_name) {
    const std::vector<std::string> lines = lines_of({"--magic", magic_text()});
    ASSERT_GE(lines.size(), 4U);
    const auto heading = [&](const std::string& name) {
        return *std::ranges::find_if(lines, [&](const std::string& line) { return line.starts_with(name); });
    };
    EXPECT_THAT(heading("WIDE"), HasSubstr("AT.X"));
    EXPECT_THAT(heading("wide "), HasSubstr("18446744073709551615"));
    EXPECT_THAT(heading("wide "), HasSubstr("1,0,255"));
    EXPECT_THAT(heading("wide "), HasSubstr(" GREEN "));
    const std::string title = heading("BRIEF"), row = heading("brief");
    EXPECT_EQ(title.size(), row.size()) << title << "\n" << row;
    EXPECT_TRUE(row.ends_with(" -3")) << row;
}

TEST_F(GeneratedProgramTest, records_of_one_size_are_shown_as_each_type_that_they_may_be) {
    const fs::path package = build_programs({"twins.bpf.c"});
    const auto both = [](const std::string& line) { return line.find("-1") != line.npos; };

    Process lines = start(package, {"--json", "--magic", magic_text()});
    ASSERT_TRUE(lines.wait_for_line(both, trigger)) << lines.describe();
    EXPECT_EQ(json::parse(split_lines(lines.interrupt().out)[0]), json::parse(R"({"candidates": [
        {"record": "whole", "number": 7}, {"record": "halves", "low": 7, "high": 0}]})"));

    Process table = start(package, {"--magic", magic_text()});
    ASSERT_TRUE(table.wait_for_line(both, trigger)) << table.describe();
    EXPECT_THAT(split_lines(table.interrupt().out),
                IsSupersetOf({testing::StartsWith("?whole"), testing::StartsWith("?halves")}));
}

TEST_F(GeneratedProgramTest, lists_without_a_length_are_as_long_as_the_record_and_scalars_are_values) {
    Process process = start(build_programs({"open_ends.bpf.c"}), {"--json", "--magic", magic_text()});
    const auto is_last = [](const std::string& line) { return line.find("__u64") != line.npos; };
    ASSERT_TRUE(process.wait_for_line(is_last, trigger)) << process.describe();
    EXPECT_THAT(
        split_lines(process.interrupt().out),
        IsSupersetOf({R"({"record":"places","of":1,"list":[{"line":2,"column":3},{"line":-4,"column":5}]})",
                      R"({"record":"numbers","of":6,"list":[7,-8,9]})", R"({"record":"char","text":"ab"})",
                      R"({"record":"__u64","value":10})"}));
}

TEST_F(GeneratedProgramTest, records_of_one_name_and_of_none_are_shown_as_what_they_are) {
    Process process = start(build_programs({"namesakes.bpf.c", "namesakes_other.bpf.c"}),
                            {"--json", "--magic", magic_text()});
    const auto of_other = [](const std::string& line) { return line.find("others.event") != line.npos; };
    ASSERT_TRUE(process.wait_for_line(of_other, trigger)) << process.describe();
    EXPECT_THAT(split_lines(process.interrupt().out),
                IsSupersetOf({R"({"record":"event___2","of_file":1})",
                              R"({"record":"records.event","of_function":2,"zero":0})",
                              R"({"record":"records_record","of_nobody":3,"one":1,"two":2})",
                              R"({"record":"others.event","of_other_file":"other"})"}));
}

TEST_F(GeneratedProgramTest, records_are_never_taken_for_a_type_that_they_may_not_be_of) {
    const fs::path package = build_programs({"partial.bpf.c"});
    const auto last = [](const std::string& line) { return line.find("01000000") != line.npos; };
    const std::vector<std::string> expected = {
        R"({"record":"command","count":2,"line":"ls "})",
        R"({"record":"data","data":"0200"})",
        R"({"candidates":[{"record":"number","value":7},{"record":"data","data":"0700000000000000"}]})",
        R"({"candidates":[{"record":"number","value":1},{"record":"data","data":"0100000000000000"}]})",
        R"({"record":"data","data":"01000000"})",
    };
    Process lines = start(package, {"--json", "--magic", magic_text()});
    ASSERT_TRUE(
        lines.wait_for_line([&](const std::string& line) { return line == expected.back(); }, trigger))
        << lines.describe();
    EXPECT_THAT(split_lines(lines.interrupt().out), IsSupersetOf(expected));

    Process table = start(package, {"--magic", magic_text()});
    ASSERT_TRUE(table.wait_for_line(last, trigger)) << table.describe();
    const Output output = table.interrupt();
    EXPECT_THAT(output.out, HasSubstr("?number"));
    EXPECT_THAT(output.err, testing::Not(HasSubstr("skipped")));
}

TEST_F(GeneratedProgramTest, help_shows_defaults_of_every_kind) {
    const Output output = start(build_programs({"records.bpf.c"}), {"--help"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("(one of RED, GREEN or a number; default GREEN)"));
    EXPECT_THAT(output.out, HasSubstr("(text of at most 7 bytes; default \"label\")"));
    EXPECT_THAT(output.out, HasSubstr("(a number from -32768 to 32767; default -3)"));
}

TEST_F(GeneratedProgramTest, without_a_ring_buffer_it_says_that_it_is_attached_and_waits_for_a_signal) {
    Process process = start(build_programs({"maps.bpf.c"}));
    ASSERT_TRUE(process.wait_for_error_line(equals("maps: attached; runs until a signal (Ctrl-C)")))
        << process.describe();
    EXPECT_EQ(objects_of(process.pid()).links.size(), 1U);
    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0);
    EXPECT_EQ(output.out, "");
}

TEST_F(GeneratedProgramTest, prints_what_iterators_write_and_ends) {
    const fs::path package = build({"tests/kernel/programs/iterators.bpf.c"});
    const Output text = start(package).wait();
    EXPECT_EQ(text.status, 0) << text.err;
    const std::string process = "pid\t" + std::to_string(::getpid()) + " ";
    EXPECT_THAT(split_lines(text.out), Contains(testing::StartsWith(process)));
    EXPECT_TRUE(text.out.ends_with("the \\x1bend\n")) << text.out;

    const Output output = start(package, {"--json"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    std::set<std::string> iterators;
    for (const std::string& line : split_lines(output.out)) {
        const json record = json::parse(line);
        iterators.insert(record.at("iterator"));
        EXPECT_TRUE(record.at("line").is_string()) << line;
    }
    EXPECT_THAT(iterators, ElementsAre("ends_without_a_newline", "processes"));
}

TEST_F(GeneratedProgramTest, prints_records_that_iterators_write_as_all_their_bytes) {
    const fs::path package = build({"tests/kernel/programs/rows.bpf.c"});
    std::uint32_t pid = static_cast<std::uint32_t>(::getpid());
    std::string row;
    for (int byte = 0; byte < 4; byte++, pid >>= 8)
        for (const std::uint32_t digit : {pid >> 4 & 15, pid & 15})
            row += "0123456789abcdef"[digit];
    row += "98badcfe";

    const Output text = start(package).wait();
    EXPECT_EQ(text.status, 0) << text.err;
    std::string digits;
    for (const std::string& line : split_lines(text.out)) {
        EXPECT_LE(line.size(), 32U);
        digits += line;
    }
    EXPECT_THAT(digits, HasSubstr(row));
    EXPECT_EQ(digits.size() % (24 * 2), 0U) << "a record has 24 bytes";

    const Output output = start(package, {"--json"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    std::string bytes;
    for (const std::string& line : split_lines(output.out)) {
        const json object = json::parse(line);
        EXPECT_EQ(object.at("iterator"), "rows");
        bytes += object.at("bytes").get<std::string>();
    }
    EXPECT_THAT(bytes, HasSubstr(row));
    EXPECT_EQ(bytes.size() % (24 * 2), 0U);
}

TEST_F(GeneratedProgramTest, values_out_of_range_are_refused) {
    const fs::path package = build_programs({"records.bpf.c"});
    for (const Command& arguments : {Command{"--offset", "32768"},
                                     {"--offset", "-32769"},
                                     {"--label", "too long"},
                                     {"--shade", "BLUE"}}) {
        const Output output = start(package, arguments).wait();
        EXPECT_EQ(output.status, 2) << arguments[1];
        EXPECT_THAT(output.err, HasSubstr("not '" + arguments[1] + "'"));
    }
}

} // namespace
} // namespace ecc::test
