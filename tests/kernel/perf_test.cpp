// Perf buffers: libbpf's API in the guest against the kernel, every sample and every lost one counted.
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>
#include <sched.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class PerfTest : public KernelTest {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        // Samples stay in the order of one buffer.
        cpu_set_t first;
        CPU_ZERO(&first);
        CPU_SET(0, &first);
        ASSERT_EQ(::sched_setaffinity(0, sizeof first, &first), 0);
    }

    static int magic() { return 1'000'000 + ::getpid(); }
    static void send(int count) {
        for (int i = 0; i < count; ++i)
            std::ignore = ::getpgid(magic());
    }
    static void let_it_read() { std::ignore = ::getpgid(magic() + 1); }
    static Process::LineTest starts_with(std::string text) {
        return [text = std::move(text)](const std::string& line) { return line.starts_with(text); };
    }
    static int samples_in(const std::vector<std::string>& lines) {
        return static_cast<int>(std::ranges::count_if(lines, [](const std::string& line) {
            return line.find("through the perf buffer") != line.npos;
        }));
    }
    Process start_reader() {
        return start(build({"tests/kernel/programs/perf.bpf.c", "tests/kernel/programs/perf.c"}),
                     {std::to_string(magic())});
    }
};

TEST_F(PerfTest, samples_come_in_order_with_their_cpu) {
    Process process = start_reader();
    ASSERT_TRUE(process.wait_for_line(starts_with("ready"))) << process.describe();
    send(3);
    let_it_read();
    ASSERT_TRUE(process.wait_for_line(starts_with("poll 1 seen 3 lost 0"))) << process.describe();
    let_it_read();
    const Output output = process.wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(split_lines(output.out),
              (std::vector<std::string>{
                  "three pages 1", "twice 1", "nothing yet 0", "ready", "cpu 0 1 through the perf buffer 68",
                  "cpu 0 2 through the perf buffer 68", "cpu 0 3 through the perf buffer 68",
                  "poll 1 seen 3 lost 0", "poll 0 seen 3 lost 0"}));
}

TEST_F(PerfTest, what_finds_no_room_is_counted_before_the_next_sample) {
    constexpr int sent = 200;
    Process process = start_reader();
    ASSERT_TRUE(process.wait_for_line(starts_with("ready"))) << process.describe();
    send(sent); // a page holds fewer
    let_it_read();
    ASSERT_TRUE(process.wait_for_line(starts_with("poll 1 "))) << process.describe();
    const int received = samples_in(process.lines());
    ASSERT_GT(received, 0);
    ASSERT_LT(received, sent);
    send(1);
    let_it_read();
    const Output output = process.wait();
    const auto lines = split_lines(output.out);
    const auto lost = "cpu 0 lost " + std::to_string(sent - received);
    const auto at = std::ranges::find(lines, lost);
    ASSERT_NE(at, lines.end()) << output.out;
    EXPECT_EQ(at[1], "cpu 0 " + std::to_string(sent + 1) + " through the perf buffer 68");
    EXPECT_EQ(samples_in(lines), received + 1);
}

TEST_F(PerfTest, a_generated_program_prints_samples) {
    Process process =
        start(build({"tests/kernel/programs/perf.bpf.c"}), {"--json", "--magic", std::to_string(magic())});
    const auto is_sample = [](const std::string& line) { return line.find("perf buffer") != line.npos; };
    ASSERT_TRUE(process.wait_for_line(is_sample, [] { send(1); })) << process.describe();
    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(split_lines(output.out), Contains(R"({"number":1,"text":"through the perf buffer"})"));
}

} // namespace
} // namespace ecc::test
