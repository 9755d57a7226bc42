// ecc-run with BPF on the running kernel. Events are made by calls of getpriority that nobody else makes.
#include "tests/unit/runtime/guest_process.h"

#include "support/files.h"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <linux/capability.h>

#include <nlohmann/json.hpp>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int magic = 7777;

void make_events(int count) {
    for (int i = 0; i < count; ++i)
        ::syscall(SYS_getpriority, magic, i);
}

/// The numbers 100, 101, ... that the guest prints for `count` events.
std::string numbers(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::to_string(100 + i) + "\n";
    return text;
}

void be_nobody() {
    if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)
        ::_exit(98);
}

/// An empty file system over a folder of /sys, seen by this process and its children only.
void hide(const char* folder) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", folder, "tmpfs", 0, nullptr) != 0)
        ::_exit(97);
}

class KernelTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root";
        ASSERT_EQ(::access("/sys/kernel/btf/vmlinux", R_OK), 0) << "this kernel has no BTF";
    }
    TemporaryFile events{packaged("events.wasm", {"events"})};
    TemporaryFile loader{packaged("load.wasm", {"events", "rejected", "acting", "endless"})};
};

TEST_F(KernelTest, a_guest_sees_every_event_once) {
    GuestProcess guest({events.path(), "--", "30"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(30);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "ready\n" + numbers(30) + "array 30 42\nkernel 42\n");
}

TEST_F(KernelTest, says_what_perf_buffers_lacked) {
    const auto limited = [&](const std::string& pages) {
        return run({loader.path(), "--", "events", "perf", "perf", pages}, [] {
            const rlimit locked{65536, 65536};
            ::setrlimit(RLIMIT_MEMLOCK, &locked);
            ::prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE); // or the runtime raises it again
        });
    };
    const auto ended = limited("1024");
    EXPECT_THAT(ended.out, HasSubstr("then -1\n"));
    EXPECT_THAT(ended.err,
                AllOf(HasSubstr("map 'perf': no perf buffers of 4096 KiB"), HasSubstr("ulimit -l")));
    const auto small = limited("8");
    EXPECT_THAT(small.out, HasSubstr("then 0\n"));
    EXPECT_EQ(small.err, "");
}

TEST_F(KernelTest, says_that_root_of_a_user_namespace_is_not_enough) {
    const auto ended = run({loader.path(), "--", "events"}, [] {
        std::ofstream map;
        if (::unshare(CLONE_NEWUSER) == 0)
            map.open("/proc/self/uid_map");
        map << "0 0 1" << std::flush;
    });
    EXPECT_THAT(ended.out, testing::StartsWith("status -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("as root outside of this user namespace"));
}

TEST_F(KernelTest, says_once_that_a_guest_holds_too_many_handles) {
    const TemporaryFile tiny(packaged("load.wasm", {"tiny"}));
    const auto full = run({tiny.path(), "--", "tiny", "open"});
    EXPECT_THAT(full.out, HasSubstr("then -24\n")); // EMFILE
    const auto at = full.err.find("has 4096 handles open");
    ASSERT_NE(at, full.err.npos) << full.err;
    EXPECT_EQ(full.err.find("handles open", at + 20), full.err.npos);
}

TEST_F(KernelTest, what_was_not_consumed_comes_again) {
    GuestProcess guest({events.path(), "--", "20", "keep"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(20);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.out, "ready\n" + numbers(20) + "array 20 42\nkernel 42\n");
}

TEST_F(KernelTest, records_stay_whole_around_the_end_of_the_buffer) {
    GuestProcess guest({events.path(), "--", "200"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    for (int i = 0; i < 200; ++i) {
        ::syscall(SYS_getpriority, magic, i);
        if (i % 10 == 9) { // the buffer has room for two such batches
            ASSERT_TRUE(guest.wait_for_line(std::to_string(100 + i)));
        }
    }
    EXPECT_EQ(guest.wait().out, "ready\n" + numbers(200) + "array 200 42\nkernel 42\n");
}

TEST_F(KernelTest, giving_back_what_is_no_record_is_a_trap) {
    GuestProcess guest({events.path(), "--", "100", "trap"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(1);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 134);
    EXPECT_THAT(ended.err, HasSubstr("consumed"));
}

TEST_F(KernelTest, one_wait_covers_ring_and_perf_buffers_input_and_signals) {
    const TemporaryFile waits(packaged("waits.wasm", {"events"}));
    GuestProcess guest({waits.path()});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    guest.write_input("x");
    ASSERT_TRUE(guest.wait_for_line("1: ring 0 perf 0 input 1"));
    make_events(1);
    std::ignore = guest.wait_for_line("2: ring 1 perf 1 input 0");
    guest.signal(SIGTERM);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    // One record may be seen before the other is written.
    EXPECT_THAT(ended.out, testing::ContainsRegex("ring 1 .*\n(.*perf 1.*\n)?wait -4 signal 15\n$"));
}

TEST_F(KernelTest, a_guest_that_takes_a_signal_ends_by_itself) {
    GuestProcess guest({events.path(), "--", "0", "signals"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    make_events(3);
    ASSERT_TRUE(guest.wait_for_line("102"));
    guest.signal(SIGTERM);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 7);
    EXPECT_EQ(ended.out, "ready\n" + numbers(3) + "signal 15\n");
}

TEST_F(KernelTest, a_guest_that_takes_the_signal_of_its_time_limit_has_the_status_of_the_time_limit) {
    const auto ended = run({"--timeout", "2", events.path(), "--", "0", "signals"});
    EXPECT_EQ(ended.status, 124);
    EXPECT_THAT(ended.out,
                AllOf(StartsWith("ready\n"), EndsWith("signal 15\n"))); // between them others' events
}

TEST_F(KernelTest, a_guest_that_ignores_a_signal_is_ended) {
    GuestProcess guest({events.path(), "--", "0"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    guest.signal(SIGINT);
    EXPECT_EQ(guest.wait().status, 128 + SIGINT);
}

TEST_F(KernelTest, maps_windows_and_links_answer_misuse_with_an_errno) {
    const TemporaryFile maps(packaged("maps.wasm", {"events"}));
    const auto ended = run({maps.path()});
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(KernelTest, a_rejected_program_is_explained) {
    const auto ended = run({loader.path(), "--", "rejected"});
    EXPECT_THAT(ended.out, HasSubstr("status -13\n")) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("the kernel rejected program 'careless'"));
    EXPECT_THAT(ended.err, HasSubstr("map_value_or_null"));
    EXPECT_THAT(ended.out, HasSubstr("PROG LOAD LOG")) << "the guest may read the log";
}

TEST_F(KernelTest, an_object_is_loaded_once) {
    const auto loaded = run({loader.path(), "--", "events", "again"});
    EXPECT_THAT(loaded.out, AllOf(HasSubstr("status 0\n"), HasSubstr("then -22\n")));
    EXPECT_THAT(loaded.err,
                HasSubstr("events: the program loads it again, and it is loaded already\n  try: "));
    const auto rejected = run({loader.path(), "--", "rejected", "again"});
    EXPECT_THAT(rejected.out, AllOf(HasSubstr("status -13\n"), HasSubstr("then -22\n")));
    EXPECT_THAT(rejected.err, HasSubstr("rejected: the program loads it again after a load that failed\n"));
}

TEST_F(KernelTest, libbpfs_messages_are_json_too_and_come_once) {
    const auto ended = run({"-v", "--log-format", "json", loader.path(), "--", "rejected"});
    std::istringstream lines(ended.err);
    int verdicts = 0, debug = 0;
    for (std::string text; std::getline(lines, text);) {
        const auto line = nlohmann::json::parse(text, nullptr, false);
        ASSERT_TRUE(line.is_object()) << text;
        debug += line.at("level") == "debug";
        verdicts += line.at("message").get<std::string>().find("BEGIN PROG LOAD LOG") != std::string::npos;
    }
    EXPECT_GT(debug, 10);
    EXPECT_EQ(verdicts, 1);
}

TEST_F(KernelTest, a_map_that_no_kernel_creates_is_named_with_what_to_correct) {
    const auto ended = run({loader.path(), "--", "endless"});
    EXPECT_THAT(ended.out, HasSubstr("status -22\n")) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("map 'counts' (hash) cannot be created: max_entries is 0"));
    EXPECT_THAT(ended.err, HasSubstr("try: correcting the definition of the map"));
}

TEST_F(KernelTest, a_struct_ops_map_has_no_other_size) {
    const TemporaryFile file(packaged("load.wasm", {"congestion"}));
    const std::vector<std::string> load{"--allow", "act", file.path(), "--", "congestion"};
    auto resize = load;
    resize.insert(resize.end(), {"resize", "congestion"});
    EXPECT_THAT(run(resize).out, HasSubstr("status -22\n"));
    EXPECT_THAT(run(load).out, HasSubstr("status 0\n"));
}

TEST_F(KernelTest, no_guest_names_the_programs_of_a_struct_ops_by_descriptor) {
    const TemporaryFile file(packaged("load.wasm", {"congestion"}));
    const auto ended = run({"--allow", "act", file.path(), "--", "congestion", "update", "congestion"});
    EXPECT_THAT(ended.out, AllOf(HasSubstr("status 0\n"), HasSubstr("then -95\n"))) << ended.err;
}

TEST_F(KernelTest, an_acting_object_loads_when_allowed) {
    EXPECT_THAT(run({"--allow", "act", loader.path(), "--", "acting"}).out, HasSubstr("status 0\n"));
}

TEST_F(KernelTest, an_object_with_a_map_of_sockets_acts_and_loads_when_allowed) {
    const TemporaryFile file(packaged("load.wasm", {"sockets"}));
    const auto refused = run({file.path(), "--", "sockets"});
    EXPECT_THAT(refused.out, HasSubstr("status -1\n"));
    EXPECT_THAT(refused.err,
                HasSubstr("map 'sockets' is of type sockmap, which is not allowed\n  try: --allow act"));
    EXPECT_EQ(run({"--explain", file.path()}).status, 125);
    EXPECT_EQ(run({"--explain", "--allow", "act", file.path()}).status, 0);
    const auto allowed = run({"--allow", "act", file.path(), "--", "sockets"});
    EXPECT_THAT(allowed.out, HasSubstr("status 0\n")) << allowed.err;
    const auto nobody = run({"--allow", "act", file.path(), "--", "sockets"}, be_nobody);
    EXPECT_THAT(nobody.err, HasSubstr("CAP_BPF and CAP_NET_ADMIN"));
}

TEST_F(KernelTest, the_missing_capabilities_are_named) {
    const auto ended = run({loader.path(), "--", "events"}, be_nobody);
    EXPECT_THAT(ended.out, HasSubstr("status -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("CAP_BPF and CAP_PERFMON"));
}

TEST_F(KernelTest, tracefs_is_mounted_out_of_everyone_elses_sight) {
    const auto ended = run({loader.path(), "--", "events"}, [] { hide("/sys/kernel/tracing"); });
    EXPECT_THAT(ended.out, HasSubstr("status 0\n")) << ended.err;
}

TEST_F(KernelTest, a_kernel_without_btf_is_explained) {
    const TemporaryFile file(packaged("load.wasm", {"relocated"}));
    const auto ended = run({file.path(), "--", "relocated"}, [] { hide("/sys/kernel/btf"); });
    EXPECT_THAT(ended.out, HasSubstr("status -2\n"));
    EXPECT_THAT(ended.err, HasSubstr("--btf FILE"));
}

TEST_F(KernelTest, a_kernel_without_btf_takes_it_from_a_file) {
    const TemporaryFile file(packaged("load.wasm", {"relocated"}));
    const auto btf = TemporaryFile(read_file("/sys/kernel/btf/vmlinux").value());
    const auto ended =
        run({"--btf", btf.path(), file.path(), "--", "relocated"}, [] { hide("/sys/kernel/btf"); });
    EXPECT_THAT(ended.out, HasSubstr("status 0\n")) << ended.err;
}

TEST_F(KernelTest, a_kernel_without_btf_takes_it_from_the_package) {
    auto package = read_package(packaged("load.wasm", {"relocated"}), "package").value();
    package.btf = read_file("/sys/kernel/btf/vmlinux").value();
    const TemporaryFile file(write_package(guest_bytes("load.wasm"), package).value());
    const auto ended = run({file.path(), "--", "relocated"}, [] { hide("/sys/kernel/btf"); });
    EXPECT_THAT(ended.out, HasSubstr("status 0\n")) << ended.err;
}

class KeptTypes : public KernelTest {
protected:
    TempDir root_ = TempDir::make().value();
    TemporaryFile package_{packaged("load.wasm", {"relocated"})};

    Ended start(const std::function<void()>& before_exec = {}) const {
        return run({"--cache", root_.path() / "cache", package_.path(), "--", "relocated"}, before_exec);
    }
    std::optional<std::filesystem::path> entry() const {
        for (const auto& file : std::filesystem::directory_iterator(root_.path() / "cache")) {
            if (file.path().filename().string().starts_with("types-"))
                return file.path();
        }
        return std::nullopt;
    }
};

TEST_F(KeptTypes, serve_the_next_start) {
    EXPECT_THAT(start().out, HasSubstr("status 0\n"));
    ASSERT_TRUE(entry());
    const auto written = std::filesystem::last_write_time(*entry());
    EXPECT_THAT(start().out, HasSubstr("status 0\n"));
    EXPECT_EQ(std::filesystem::last_write_time(*entry()), written);
}

TEST_F(KeptTypes, are_made_again_when_they_are_damaged) {
    start();
    ASSERT_TRUE(entry());
    const auto whole = read_file(*entry()).value();
    std::filesystem::resize_file(*entry(), whole.size() / 2);
    EXPECT_THAT(start().out, HasSubstr("status 0\n"));
    EXPECT_EQ(read_file(*entry()).value(), whole);
}

TEST_F(KeptTypes, are_not_needed_when_the_disk_is_full) {
    const auto ended = start([] {
        std::signal(SIGXFSZ, SIG_IGN); // then a write beyond the limit fails, as on a full disk
        const rlimit small{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &small);
    });
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_FALSE(entry());
}

} // namespace
} // namespace ecc::test
