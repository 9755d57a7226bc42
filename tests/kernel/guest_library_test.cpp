// The libraries of Rust and Go guests against the kernel. tests/kernel/programs/{rust,go} do the same things
// in both languages and print the same lines.
#include "tests/kernel/guest_folders.h"
#include "tests/kernel/kernel_test.h"

#include <csignal>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/auxv.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;

constexpr const char* programs = "tests/kernel/programs/";

class GuestLibraryTest : public KernelTest, public testing::WithParamInterface<const char*> {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        use_cached_toolchains();
    }

    fs::path build_library_program(const std::string& kernel_source) {
        const fs::path package = folder() / "package.wasm";
        const Output built = build_guest_folder(source(programs + kernel_source),
                                                source(programs + std::string(GetParam())), package);
        EXPECT_EQ(built.status, 0) << built.out << built.err;
        return package;
    }

    /// What only this test's getpgid() asks for.
    static int magic() { return 1'000'000 + ::getpid(); }
    static void trigger() { (void)::getpgid(magic()); }
};

Process::LineTest equals(std::string text) {
    return [text = std::move(text)](const std::string& line) { return line == text; };
}

std::vector<std::string> lines_with(const std::string& prefix, const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const std::string& line : lines)
        if (line.starts_with(prefix))
            found.push_back(line);
    return found;
}

TEST_P(GuestLibraryTest, globals_ring_buffers_links_and_signals_work) {
    Process process = start(build_library_program("rings.bpf.c"), {std::to_string(magic())});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    trigger();
    trigger();
    ASSERT_TRUE(process.wait_for_line(equals("step 7"))) << process.describe();
    for (int i = 0; i < 3; ++i)
        trigger();
    ASSERT_TRUE(process.wait_for_line(equals("all 5 twelve bytes 17"))) << process.describe();
    const KernelObjects objects = objects_of(process.pid());

    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
    const std::vector<std::string> lines = split_lines(output.out);
    EXPECT_THAT(std::vector(lines.begin(), std::min(lines.begin() + 6, lines.end())),
                ElementsAre("initially 1 0", "initial value of another size 22", "not loaded 95",
                            "second reader 16", "variable beyond the end 22", "ready"));
    EXPECT_THAT(lines_with("all ", lines),
                ElementsAre("all 1 twelve bytes 17", "all 2 twelve bytes 17", "all 3 twelve bytes 17",
                            "all 4 twelve bytes 17", "all 5 twelve bytes 17"));
    EXPECT_THAT(lines_with("even ", lines), ElementsAre("even 2", "even 4"));
    EXPECT_THAT(lines, testing::IsSupersetOf({"signal 2", "calls 5 sum 31"}));
    expect_gone(objects);
}

TEST_P(GuestLibraryTest, more_records_than_the_buffer_holds_come_through_if_they_are_read) {
    Process process = start(build_library_program("rings.bpf.c"), {std::to_string(magic())});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    constexpr int count = 400; // 64 bytes each with its discarded twin: six times round the buffer of 4096
    for (int i = 1; i <= count; ++i) {
        trigger();
        if (i % 20 == 0) {
            ASSERT_TRUE(process.wait_for_line(equals("all " + std::to_string(i) + " twelve bytes 17")))
                << process.describe();
        }
    }
    const std::vector<std::string> all = lines_with("all ", split_lines(process.interrupt().out));
    ASSERT_EQ(all.size(), static_cast<std::size_t>(count));
    for (int i = 1; i <= count; ++i)
        EXPECT_EQ(all[static_cast<std::size_t>(i) - 1], "all " + std::to_string(i) + " twelve bytes 17");
}

TEST_P(GuestLibraryTest, elements_of_maps_have_their_types_and_errors_their_numbers) {
    const Output output = start(build_library_program("maps.bpf.c"), {}, {"--allow", "attach"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    const std::string cpus = std::to_string(::sysconf(_SC_NPROCESSORS_CONF));
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("entries 5", "no map 2 no program 2", "late 16",
                            "attached to a tracepoint, detached 0", "no tracepoint 2", "other keys 22",
                            "other values 22", "one value 22", "a value for each CPU 22", "no ring buffer 22",
                            "no globals 22", "lookup of nothing false", "insert again 17",
                            "replace nothing 2", "value 123456789abcdef0", "insert into a full map 7",
                            "5 keys, sum 15", "sum of values 14", "remove true false", "cpus " + cpus,
                            "too few values 22", "same values true", "others 0", "none true"));
}

TEST_P(GuestLibraryTest, samples_of_perf_buffers_come_in_order_with_their_cpu) {
    // Samples stay in the order of one buffer.
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    ASSERT_EQ(::sched_setaffinity(0, sizeof first, &first), 0);
    Process process = start(build_library_program("perf.bpf.c"), {std::to_string(magic())});
    ASSERT_TRUE(process.wait_for_line(equals("ready"))) << process.describe();
    for (int i = 0; i < 3; ++i)
        trigger();
    ASSERT_TRUE(process.wait_for_line(equals("cpu 0 lost 0: 3 through the perf buffer")))
        << process.describe();
    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("three pages 22", "twice 16", "ready", "cpu 0 lost 0: 1 through the perf buffer",
                            "cpu 0 lost 0: 2 through the perf buffer",
                            "cpu 0 lost 0: 3 through the perf buffer", "signal 2"));
}

TEST_P(GuestLibraryTest, queues_iterators_links_test_runs_symbols_and_process_maps_work) {
    const fs::path package = build_library_program("elements.bpf.c");
    // The program headers are in the part of the file that is mapped from its start.
    const Command arguments{std::to_string(::getpid()), std::to_string(::getauxval(AT_PHDR))};
    const Output output = start(package, arguments, {"--allow", "symbols"}).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out),
                ElementsAre("queue 7 8 true", "elements: 5 is 50", "then: the end",
                            "program of another kind 22", "returned 1050, same data true",
                            "too little room 28", "no data 22", "symbol \"schedule\"", "no symbol true true",
                            "mapped \"" + fs::read_symlink("/proc/self/exe").string() + "\" true",
                            "not mapped true true", "symbols 0", "sealed 1"));
    const Output refused = start(package, arguments).wait();
    EXPECT_THAT(split_lines(refused.out), testing::Contains("symbols 1"));
    EXPECT_THAT(refused.err, testing::HasSubstr("--allow symbols"));
}

INSTANTIATE_TEST_SUITE_P(in, GuestLibraryTest, testing::Values("rust", "go"),
                         [](const auto& test) { return std::string(test.param); });

} // namespace
} // namespace ecc::test
