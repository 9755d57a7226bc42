// Long runs: what must not get lost, and what must not be left. A short one in every run of the tests, the
// whole with the label "full".
#include "tests/kernel/kernel_test.h"
#include "tests/unit/runtime/guest_process.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Extent {
    std::uint64_t records;
    std::chrono::seconds time; ///< if the records take longer
    int cycles, processes, instances;
};

std::ostream& operator<<(std::ostream& out, const Extent& extent) {
    return out << extent.records << " records";
}

class SoakTest : public KernelTest, public testing::WithParamInterface<Extent> {
protected:
    /// What is mounted below /sys is seen by this test's processes alone.
    void SetUp() override {
        KernelTest::SetUp();
        ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
        ASSERT_EQ(::mount(nullptr, "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    }

    Command guest(const std::string& mode, const std::string& number = "") const {
        return {package.path(), "--", std::to_string(magic), mode, number};
    }
    /// As many records as the program makes of one call.
    static constexpr int burst = 1000;
    void produce(int count = burst) const { ::syscall(SYS_getpriority, magic, count); }

    /// Nobody else's, on this machine.
    const int magic = (1 << 24) + ::getpid();
    const TemporaryFile package{packaged("soak.wasm", {"soak"})};
};

std::uint64_t status_kib(pid_t pid, const std::string& key) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    std::string word;
    std::uint64_t value = 0;
    while (file >> word)
        if (word == key + ":" && file >> value)
            return value;
    return 0;
}

std::size_t count_lines(const std::string& path) {
    std::ifstream file(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);)
        ++lines;
    return lines;
}

/// What one process holds.
struct Holdings {
    std::ptrdiff_t descriptors;
    std::size_t mappings;
    std::size_t kernel_objects;
};

struct Counts {
    std::uint64_t received = 0, produced = 0, lost = 0;
};

Counts counts_in(const std::string& out) {
    Counts counts;
    const auto at = out.find("received");
    EXPECT_EQ(at == out.npos ? 0
                             : std::sscanf(out.c_str() + at, "received %lu produced %lu lost %lu",
                                           &counts.received, &counts.produced, &counts.lost),
              3)
        << out;
    return counts;
}

TEST_P(SoakTest, every_record_is_received_or_counted_as_lost_and_memory_does_not_grow) {
    GuestProcess process(guest("count"));
    ASSERT_TRUE(process.wait_for_line("ready"));
    const auto calls = GetParam().records / burst;
    std::uint64_t made = 0, memory = 0;
    for (const auto end = Clock::now() + GetParam().time; made < calls && Clock::now() < end; ++made) {
        produce();
        if (made == calls / 10)
            memory = status_kib(process.pid(), "VmRSS");
    }
    const auto grown =
        static_cast<std::int64_t>(status_kib(process.pid(), "VmRSS")) - static_cast<std::int64_t>(memory);
    process.signal(SIGTERM);
    const auto ended = process.wait();
    ASSERT_EQ(ended.status, 0) << ended.out << ended.err;
    const auto [received, produced, lost] = counts_in(ended.out);
    EXPECT_EQ(produced, made * burst);
    EXPECT_EQ(received + lost, produced);
    EXPECT_GT(received, 0U);
    EXPECT_GT(memory, 0U) << "the time ran out before a tenth was made";
    EXPECT_LT(grown, 1024) << "KiB";
    std::cout << ended.out << grown << " KiB more memory\n";
}

TEST_P(SoakTest, records_that_wake_nobody_are_found_before_waiting) {
    GuestProcess process(guest("quiet"));
    ASSERT_TRUE(process.wait_for_line("ready"));
    produce(1);
    process.write_input("\n");
    EXPECT_EQ(process.wait().status, 0);
}

TEST_P(SoakTest, a_guest_that_opens_and_closes_again_and_again_leaves_nothing) {
    ASSERT_EQ(::mount("bpf", "/sys/fs/bpf", "bpf", 0, nullptr), 0);
    const std::string pins = "/sys/fs/bpf/soak";
    fs::create_directory(pins);
    auto arguments = guest("cycle", std::to_string(GetParam().cycles));
    arguments.push_back(pins + "/records");
    arguments.insert(arguments.begin(), {"--allow", "pin=" + pins});
    GuestProcess process(arguments);
    const auto holdings = [&] {
        const auto folder = "/proc/" + std::to_string(process.pid());
        const auto objects = objects_of(process.pid());
        return Holdings{std::distance(fs::directory_iterator(folder + "/fd"), {}),
                        count_lines(folder + "/maps"),
                        objects.programs.size() + objects.maps.size() + objects.links.size()};
    };
    ASSERT_TRUE(process.wait_for_line("ready"));
    const auto before = holdings();
    process.write_input("\n");
    ASSERT_TRUE(process.wait_for_line("done"));
    const auto after = holdings();
    EXPECT_EQ(before.kernel_objects, 0U);
    EXPECT_EQ(after.kernel_objects, 0U);
    EXPECT_EQ(after.descriptors, before.descriptors);
    // The heap may be split a few times more, however many cycles there were.
    EXPECT_LT(after.mappings, before.mappings + 8);
    EXPECT_TRUE(fs::is_empty(pins)) << "a pin is left";
    process.write_input("\n");
    EXPECT_EQ(process.wait().status, 0);
    EXPECT_EQ(::umount2("/sys/fs/bpf", MNT_DETACH), 0);
}

TEST_P(SoakTest, processes_that_end_in_every_way_leave_nothing_in_the_kernel) {
    for (int i = 0; i < GetParam().processes; ++i) {
        GuestProcess process(guest("count"));
        ASSERT_TRUE(process.wait_for_line("ready"));
        const auto objects = objects_of(process.pid());
        ASSERT_FALSE(objects.programs.empty());
        ASSERT_FALSE(objects.maps.empty());
        produce(i % burst);
        constexpr int ways[] = {SIGTERM, SIGKILL, SIGINT, SIGABRT};
        process.signal(ways[static_cast<std::size_t>(i) % std::size(ways)]);
        process.wait();
        expect_gone(objects);
    }
}

TEST_P(SoakTest, a_guest_that_traps_leaves_nothing_in_the_kernel) {
    const TemporaryFile events(packaged("events.wasm", {"events"}));
    GuestProcess process({events.path(), "--", "0", "trap"});
    ASSERT_TRUE(process.wait_for_line("ready"));
    const auto objects = objects_of(process.pid());
    ASSERT_FALSE(objects.programs.empty());
    ::syscall(SYS_getpriority, 7777, 1);
    EXPECT_EQ(process.wait().status, 134);
    expect_gone(objects);
}

TEST_P(SoakTest, many_instances_at_once_each_get_everything) {
    std::vector<std::unique_ptr<GuestProcess>> processes;
    for (int i = 0; i < GetParam().instances; ++i)
        processes.push_back(std::make_unique<GuestProcess>(guest("count")));
    for (const auto& process : processes)
        ASSERT_TRUE(process->wait_for_line("ready"));
    for (int i = 0; i < 100; ++i)
        produce(10);
    for (const auto& process : processes)
        process->signal(SIGTERM);
    for (const auto& process : processes) {
        const auto ended = process->wait();
        EXPECT_EQ(ended.status, 0) << ended.err;
        const auto [received, produced, lost] = counts_in(ended.out);
        EXPECT_EQ(produced, 1000U);
        EXPECT_EQ(received, 1000U);
    }
}

INSTANTIATE_TEST_SUITE_P(Short, SoakTest, testing::Values(Extent{1'000'000, 20s, 20, 8, 8}));
INSTANTIATE_TEST_SUITE_P(Full, SoakTest, testing::Values(Extent{100'000'000, 60s, 1000, 1000, 50}));

} // namespace
} // namespace ecc::test
