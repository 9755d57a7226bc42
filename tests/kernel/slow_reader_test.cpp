// Output into a pipe that nobody empties for a while, and a signal meanwhile: what was taken from the ring
// buffer is in the output, whole and in order.
#include "tests/kernel/kernel_test.h"
#include "tests/unit/runtime/guest_process.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace ecc::test {
namespace {

using namespace std::chrono_literals;

/// More output than a pipe and the program's buffer hold, and fewer records than the ring buffer.
constexpr int calls = 20, records_of_a_call = 1000;

class SlowReaderTest : public KernelTest, public testing::WithParamInterface<int> {
protected:
    /// Waits until a thread of it sleeps in write(2) to a pipe.
    static bool is_held_up(pid_t pid) {
        for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(1ms)) {
            for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
                std::ifstream file(task.path() / "wchan");
                std::string place;
                file >> place;
                if (place.find("pipe_write") != std::string::npos)
                    return true;
            }
        }
        return false;
    }

    /// Waits until it holds a link.
    static bool is_attached(pid_t pid) {
        for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(1ms)) {
            if (!objects_of(pid).links.empty())
                return true;
        }
        return false;
    }

    void produce() const {
        for (int i = 0; i < calls; ++i)
            ::syscall(SYS_getpriority, magic, records_of_a_call);
    }

    const int magic = (1 << 25) + ::getpid();
};

/// The numbers of lines of JSON; a line that was cut off fails.
std::vector<std::uint64_t> numbers_in(const std::string& out) {
    std::vector<std::uint64_t> numbers;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('{'))
            continue;
        const auto json = nlohmann::json::parse(line, nullptr, false);
        EXPECT_TRUE(json.is_object() && json.contains("number")) << line;
        if (json.is_object() && json.contains("number"))
            numbers.push_back(json["number"]);
    }
    return numbers;
}

std::uint64_t records_taken(const std::string& err) {
    const auto at = err.find("{\"");
    const auto stats = nlohmann::json::parse(at == err.npos ? "" : err.substr(at), nullptr, false);
    EXPECT_TRUE(stats.is_object()) << err;
    return stats.is_object() ? stats.value("records", std::uint64_t{0}) : 0;
}

TEST_P(SlowReaderTest, gets_every_record_that_was_taken) {
    const auto package = build({"tests/kernel/programs/numbered.bpf.c"});
    GuestProcess process({"--stats", "--json", package, "--", "--json", "--magic", std::to_string(magic)});
    ASSERT_TRUE(is_attached(process.pid()));
    produce();
    ASSERT_TRUE(is_held_up(process.pid())) << "all output went into the pipe";
    process.signal(GetParam());
    std::this_thread::sleep_for(1200ms); // more than a guest has to take the signal
    const auto ended = process.wait();
    const auto numbers = numbers_in(ended.out);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        ASSERT_EQ(numbers[i], i);
    EXPECT_TRUE(ended.out.ends_with('\n'));
    EXPECT_EQ(numbers.size(), records_taken(ended.err)) << "the last span, which is not given back, counts";
    EXPECT_GT(numbers.size(), 2000U) << "what the pipe held already";
}

INSTANTIATE_TEST_SUITE_P(, SlowReaderTest, testing::Values(SIGINT, SIGTERM),
                         [](const auto& number) { return number.param == SIGINT ? "sigint" : "sigterm"; });

} // namespace
} // namespace ecc::test
