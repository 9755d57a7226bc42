// What a running ecc-run may do, as the kernel shows it in /proc/PID.
#include "runtime-min/privileges.h"

#include "tests/unit/runtime/guest_process.h"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr auto observing = capability_bit(CAP_BPF) | capability_bit(CAP_PERFMON);

/// The number behind `field:` in the status of every thread of a process.
std::vector<CapabilitySet> of_threads(pid_t pid, const std::string& field) {
    std::vector<CapabilitySet> found;
    const auto tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
        std::ifstream status(task.path() / "status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with(field + ":"))
                found.push_back(std::stoull(line.substr(field.size() + 1), nullptr, 16));
        }
    }
    return found;
}

CapabilitySet of_all_threads(pid_t pid, const std::string& field) {
    CapabilitySet all = 0;
    for (const auto one : of_threads(pid, field))
        all |= one;
    return all;
}

class PrivilegesTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests look at what root gives up: run them as root";
    }
    TemporaryFile package{packaged("seal.wasm", {"events"})};
};

TEST_F(PrivilegesTest, an_observing_package_keeps_what_loading_takes) {
    GuestProcess guest({package.path()});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    for (const char* field : {"CapEff", "CapPrm"})
        EXPECT_EQ(of_all_threads(guest.pid(), field), observing) << field;
    EXPECT_EQ(of_all_threads(guest.pid(), "CapInh"), 0U);
    EXPECT_EQ(of_all_threads(guest.pid(), "CapAmb"), 0U);
    EXPECT_THAT(of_threads(guest.pid(), "NoNewPrivs"), Each(1U));
}

TEST_F(PrivilegesTest, a_program_without_bpf_keeps_nothing) {
    GuestProcess guest({guest_path("plain.wasm"), "--", "sleep"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    EXPECT_EQ(of_all_threads(guest.pid(), "CapPrm"), 0U);
}

TEST_F(PrivilegesTest, sealing_gives_up_the_rest_and_keeps_maps_and_links_working) {
    GuestProcess guest({package.path(), "--", "seal"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    EXPECT_EQ(of_all_threads(guest.pid(), "CapPrm"),
              maps_need_no_capability() ? 0U : capability_bit(CAP_BPF));
    guest.signal(SIGTERM);
    EXPECT_EQ(guest.wait().out,
              "loaded 0 attached 1\nseal 0\nopen -1\nload -1\nattach -1\nupdate 0\nlookup 0 3\n"
              "ready\nsignal 15 detach 0\n");
}

std::ptrdiff_t open_files(pid_t pid) {
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(pid) + "/fd");
    return std::distance(begin(files), end(files));
}

Ended run_to_the_end(const std::vector<std::string>& arguments) {
    GuestProcess guest(arguments);
    guest.wait_for_line("ready");
    guest.signal(SIGTERM);
    return guest.wait();
}

TEST_F(PrivilegesTest, a_seal_that_fails_says_why_and_seals_nothing) {
    GuestProcess unlimited({package.path(), "--", "seal"});
    ASSERT_TRUE(unlimited.wait_for_line("ready"));
    const auto needed = open_files(unlimited.pid());
    int failed = 0;
    for (auto limit = needed - 8; limit <= needed; ++limit) {
        const auto ended =
            run_to_the_end({"--limit", "files=" + std::to_string(limit), package.path(), "--", "seal"});
        if (ended.out.find("seal -24\n") == ended.out.npos)
            continue;
        ++failed;
        EXPECT_THAT(ended.out, Not(HasSubstr("open -1\n")));
        EXPECT_THAT(ended.err, AllOf(HasSubstr("(seal), and not every thread could: Too many open files"),
                                     HasSubstr("--limit files"), Not(HasSubstr("a mounted /proc"))));
    }
    EXPECT_GT(failed, 0) << needed;
}

TEST(NeededCapabilities, grow_with_what_is_allowed_and_what_the_objects_are) {
    const auto bit = [](int number) { return capability_bit(number); };
    ObjectFacts xdp{.programs = {{"pass", "xdp", BPF_PROG_TYPE_XDP, "xdp"}}};
    ObjectFacts sockets{.maps = {{.name = "sockets", .type = BPF_MAP_TYPE_SOCKMAP}}};
    EXPECT_EQ(needed_capabilities({}, {&sockets, 1}, {.act = true}), observing | bit(CAP_NET_ADMIN));
    ObjectFacts symbols{.kernel_symbols = {"init_task"}};
    ObjectFacts writer{.helpers = {BPF_FUNC_probe_write_user}};
    ObjectFacts of_module{.programs = {{"f", "fentry/nf_nat:g", BPF_PROG_TYPE_TRACING, "tracing"}}};
    EXPECT_EQ(needed_capabilities({}, {}, {}), 0U);
    EXPECT_EQ(needed_capabilities({}, {&xdp, 1}, {}), observing) << "not allowed, so not loaded";
    EXPECT_EQ(needed_capabilities({}, {&xdp, 1}, {.act = true}), observing | bit(CAP_NET_ADMIN));
    EXPECT_EQ(needed_capabilities({}, {&symbols, 1}, {}), observing | bit(CAP_SYSLOG));
    EXPECT_EQ(needed_capabilities({}, {&writer, 1}, {.act = true}), observing | bit(CAP_SYS_ADMIN));
    EXPECT_EQ(needed_capabilities({}, {&of_module, 1}, {}), observing | bit(CAP_SYS_ADMIN));
    EXPECT_EQ(needed_capabilities({}, {}, {.bytes = true}), observing | bit(CAP_SYSLOG) | bit(CAP_SYS_ADMIN));
    EXPECT_EQ(needed_capabilities({}, {}, {.symbols = true}), bit(CAP_SYSLOG));
    EXPECT_EQ(needed_capabilities({.reads_process_maps = true}, {}, {}), 0U) << "not allowed";
    EXPECT_THAT(needed_capabilities({.reads_process_maps = true}, {}, {.symbols = true}),
                AnyOf(bit(CAP_SYSLOG) | bit(CAP_PERFMON), bit(CAP_SYSLOG) | bit(CAP_SYS_PTRACE)));
    EXPECT_EQ(needed_capabilities({}, {}, {.files = {{"/tmp", false}}}), bit(CAP_DAC_READ_SEARCH));
    EXPECT_EQ(needed_capabilities({}, {}, {.files = {{"/tmp", true}}}), bit(CAP_DAC_OVERRIDE));
}

/// Of an object with one program for probes.
bool keeps_sys_admin(const std::string& section, const Permissions& permissions = {}) {
    const ObjectFacts object{.programs = {{"f", section, BPF_PROG_TYPE_KPROBE, "kprobe"}}};
    return (needed_capabilities({}, {&object, 1}, permissions) & capability_bit(CAP_SYS_ADMIN)) != 0;
}

TEST(NeededCapabilities, of_probes_of_processes_are_those_of_their_kind_whatever_the_file_is_called) {
    for (const char* section : {"uprobe//bin/true:main", "uprobe//opt/a.multi/b:f", "uretprobe/x.session:f",
                                "usdt//lib/x.multi.so:a:b", "uprobe.s//a.multi:f", "uprobe"})
        EXPECT_TRUE(keeps_sys_admin(section)) << section;
    for (const char* section : {"uprobe.multi//bin/true:main", "uretprobe.multi.s//bin/true:main",
                                "uprobe.session//bin/true:main", "uprobe.multi"})
        EXPECT_FALSE(keeps_sys_admin(section)) << section;
}

TEST(NeededCapabilities, of_kprobes_are_those_of_probes_of_processes_where_the_guest_may_choose) {
    for (const char* section : {"kprobe", "kretprobe", "kprobe/do_unlinkat", "kretprobe/do_unlinkat",
                                "ksyscall/unlinkat", "kprobe.multi/do_*", "uprobe.multi"})
        EXPECT_TRUE(keeps_sys_admin(section, {.attach = true})) << section;
}

} // namespace
} // namespace ecc::test
