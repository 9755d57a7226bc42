// ecc-run where the process may have little of something: every limit ends in a running guest or in a
// message.
#include "tests/unit/runtime/guest_process.h"

#include "support/files.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string plain = guest_path("plain.wasm");

void expect_run_or_message(const Ended& ended, const std::string& message) {
    EXPECT_THAT(ended.err, Not(HasSubstr("panicked")));
    if (ended.status == 0)
        return;
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_THAT(ended.err, HasSubstr("try: "));
}

TEST(Resources, every_limit_of_files_ends_in_a_run_or_a_message) {
    for (int limit = 0; limit <= 40; ++limit) {
        SCOPED_TRACE(limit);
        const auto ended = run({"--limit", "files=" + std::to_string(limit), plain, "--", "short-sleep"});
        expect_run_or_message(ended, "files");
        EXPECT_TRUE(limit < 5 ? ended.status == 125 : limit < 20 || ended.status == 0) << ended.err;
    }
}

TEST(Resources, a_limit_of_files_holds_for_the_guest_alone) {
    const auto dir = TempDir::make().value();
    const auto name = (dir.path() / "file").string();
    write_file(name, as_bytes("content\n")).value();
    const auto limited = [&](const std::string& limit) {
        return run({"--limit", "files=" + limit, "--allow", "files=" + dir.path().string(), plain, "--",
                    "print-file", name});
    };
    EXPECT_EQ(limited("20").out, "content\n\n");
    int status = 125;
    for (int limit = 5; limit < 20 && status == 125; ++limit)
        status = limited(std::to_string(limit)).status;
    EXPECT_EQ(status, 1) << "the least with which it begins leaves its fopen none";
}

TEST(Resources, every_limit_of_the_shell_on_files_ends_in_a_run_or_a_message) {
    for (rlim_t limit = 4; limit <= 24; ++limit) { // 3 are for the dynamic linker
        SCOPED_TRACE(limit);
        const auto ended = run({plain, "--", "short-sleep"}, [&] {
            ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC); // what the test was started with
            const rlimit files{limit, limit};
            ::setrlimit(RLIMIT_NOFILE, &files);
        });
        expect_run_or_message(ended, "Too many open files");
        EXPECT_TRUE(limit < 20 || ended.status == 0) << ended.err;
    }
}

/// The sanitizer's search, at the end of ecc-run, needs a thread and /proc.
constexpr char no_leaks[] = "detect_leaks=0";

TEST(Resources, every_limit_of_threads_ends_in_a_run_or_a_message) {
    ASSERT_EQ(::geteuid(), 0U) << "needs root";
    for (rlim_t limit = 1; limit <= 5; ++limit) {
        SCOPED_TRACE(limit);
        const auto ended = run({"--no-cache", plain, "--", "short-sleep"}, [&] {
            ::setenv("ASAN_OPTIONS", no_leaks, 1);
            const rlimit threads{limit, limit};
            ::setrlimit(RLIMIT_NPROC, &threads);
            // What exempts root from it.
            ::prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE);
            ::prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN);
            [[maybe_unused]] const int changed = ::setresuid(64999, 0, 0);
        });
        expect_run_or_message(ended, "Resource temporarily unavailable");
        EXPECT_EQ(ended.status == 0, limit > 2) << ended.err;
    }
}

TEST(Resources, names_the_limit_of_the_size_of_files) {
    const auto ended = run({"--no-cache", plain}, [] {
        const rlimit size{1024, 1024};
        ::setrlimit(RLIMIT_FSIZE, &size);
    });
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("memory of the guest cannot be made: File too large"));
    EXPECT_THAT(ended.err, HasSubstr("ulimit -f"));
}

/// As in a sandbox that shows no processes.
void hide_proc() {
    ::unshare(CLONE_NEWNS);
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (::mount("none", "/proc", "tmpfs", 0, nullptr) != 0)
        ::_exit(98);
#ifdef __SANITIZE_ADDRESS__ // it takes its options from this file, not from the environment
    std::filesystem::create_directory("/proc/self");
    std::ofstream("/proc/self/environ") << "ASAN_OPTIONS=" << no_leaks << '\0';
#endif
}

TEST(Resources, runs_without_proc_and_says_what_is_not_possible_then) {
    ASSERT_EQ(::geteuid(), 0U) << "needs root";
    EXPECT_EQ(run({plain}, hide_proc).out, "ready\n");
    EXPECT_EQ(run({"--allow", "files=/tmp", plain}, hide_proc).out, "ready\n");
    for (const std::string folder : {"/sys", "/tmp"}) {
        const auto refused = run({"--allow", "files=" + folder + ":rw", plain}, hide_proc);
        EXPECT_EQ(refused.status, 125) << folder << " might belong to the kernel";
        EXPECT_THAT(refused.err, HasSubstr("a mounted /proc"));
    }
    GuestProcess sealing({"--allow", "bytes", guest_path("seal.wasm"), "--", "seal"}, hide_proc);
    ASSERT_TRUE(sealing.wait_for_line("ready"));
    sealing.signal(SIGTERM);
    const auto ended = sealing.wait();
    EXPECT_THAT(ended.out, HasSubstr("seal -2\n"));
    EXPECT_THAT(ended.err,
                HasSubstr("not every thread could: No such file or directory\n  try: a mounted /proc"));
}

/// A valid module of so many functions, each with so many instructions that do nothing.
Bytes functions(std::uint32_t count, std::size_t instructions) {
    ByteWriter types, declared, memory, exported, code, module;
    types.put(Bytes{1, 0x60, 0, 0});
    memory.put(Bytes{1, 0, 1});
    declared.leb_u32(count);
    declared.put(Bytes(count, 0));
    exported.put(Bytes{2});
    exported.name("memory");
    exported.put(Bytes{2, 0});
    exported.name("_start");
    exported.put(Bytes{0, 0});
    code.leb_u32(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        code.leb_u32(static_cast<std::uint32_t>(instructions) + 2);
        code.u8(0);
        code.put(Bytes(instructions, 0x01));
        code.u8(0x0b);
    }
    module.put(Bytes{0, 'a', 's', 'm', 1, 0, 0, 0});
    for (const auto& [id, section] : {std::pair<std::uint8_t, const ByteWriter*>{1, &types},
                                      {3, &declared},
                                      {5, &memory},
                                      {7, &exported},
                                      {10, &code}}) {
        module.u8(id);
        module.leb_u32(static_cast<std::uint32_t>(section->bytes().size()));
        module.put(section->bytes());
    }
    return module.finish();
}

TEST(Compiling, is_refused_for_what_takes_too_much) {
    const TemporaryFile many(functions(100'001, 0)), large(functions(1, 1 << 20)),
        all(functions(70, 1'000'000));
    EXPECT_THAT(run({many.path()}).err,
                HasSubstr("\"functions\": Wasm functions of the program, at most 100000"));
    EXPECT_THAT(run({large.path()}).err,
                HasSubstr("\"body\": Wasm code of its largest function, at most 1 MiB"));
    EXPECT_THAT(run({all.path()}).err, HasSubstr("\"code\": Wasm code of the program, at most 64 MiB"));
    EXPECT_EQ(run({many.path()}).status, 125);
    EXPECT_EQ(run({"--explain", many.path()}).status, 125);
    EXPECT_EQ(run({"--no-cache", "--limit", "body=2M", large.path()}).status, 0);
    const TemporaryFile few(functions(3, 10));
    EXPECT_EQ(run({few.path()}).status, 0);
    EXPECT_EQ(run({"--limit", "functions=2", few.path()}).status, 125);
}

/// Bytes of memory that the process has in use.
std::uint64_t resident(pid_t pid) {
    std::uint64_t total = 0, pages = 0;
    std::ifstream("/proc/" + std::to_string(pid) + "/statm") >> total >> pages;
    return pages * static_cast<std::uint64_t>(::getpagesize());
}

std::ptrdiff_t threads(pid_t pid) {
    std::error_code ended;
    return std::ranges::distance(
        std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", ended));
}

/// Its second thread watches for signals, and all that it takes far beyond the module then is the compiler's.
void wait_until_it_compiles(pid_t pid) {
    while (threads(pid) < 2)
        ::usleep(1000);
    const std::uint64_t before = resident(pid);
    while (resident(pid) < before + (100U << 20))
        ::usleep(1000);
}

TEST(Compiling, is_ended_by_a_signal_and_by_the_time_limit) {
    const TemporaryFile many(functions(300'000, 0));
    const std::vector<std::string> arguments{"--no-cache", "--limit", "functions=none", many.path()};
    auto timed = arguments;
    timed.insert(timed.begin(), {"--timeout", "0.5"});
    EXPECT_EQ(run(timed).status, 124);
    GuestProcess guest(arguments);
    wait_until_it_compiles(guest.pid());
    guest.signal(SIGINT);
    EXPECT_EQ(guest.wait().status, 128 + SIGINT);
}

} // namespace
} // namespace ecc::test
