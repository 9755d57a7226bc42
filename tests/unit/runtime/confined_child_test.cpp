#include "runtime-min/confined_child.h"

#include "runtime-min/capabilities.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ecc {
namespace {

using End = ConfinedAnswer::End;

/// The errno that a call gives in the child, 0 if it succeeds.
int errno_of(const std::function<long()>& call) {
    const auto answer = run_confined([&](std::string& text) {
        errno = 0;
        text = std::to_string(call() < 0 ? errno : 0);
        return true;
    });
    return answer.end == End::succeeded ? std::stoi(answer.text) : -1;
}

TEST(ConfinedChild, answers) {
    const auto answer = run_confined([](std::string& text) {
        text = std::string(1000, 'x');
        return true;
    });
    EXPECT_EQ(answer.end, End::succeeded);
    EXPECT_EQ(answer.text, std::string(1000, 'x'));
}

TEST(ConfinedChild, may_fail_with_words) {
    const auto answer = run_confined([](std::string& text) {
        text = "no";
        return false;
    });
    EXPECT_EQ(answer.end, End::failed);
    EXPECT_EQ(answer.text, "no");
}

TEST(ConfinedChild, has_a_bounded_answer) {
    const auto answer = run_confined([](std::string& text) {
        text.assign(confined_text_limit * 4, 'x');
        return true;
    });
    EXPECT_EQ(answer.text.size(), confined_text_limit);
}

TEST(ConfinedChild, may_crash) {
    const auto answer = run_confined([](std::string&) -> bool { __builtin_trap(); });
    EXPECT_EQ(answer.end, End::died);
    EXPECT_NE(answer.signal, 0);
}

TEST(ConfinedChild, may_loop_forever) {
    const auto answer = run_confined(
        [](std::string&) {
            for (volatile bool forever = true; forever;) {
            }
            return true;
        },
        {.cpu_seconds = 1});
    EXPECT_EQ(answer.end, End::died);
    EXPECT_EQ(answer.signal, SIGKILL);
}

TEST(ConfinedChild, gets_no_memory_beyond_its_limit) {
    constexpr std::size_t limit = 64u << 20;
    const auto answer = run_confined(
        [](std::string& text) {
            const void* much =
                ::mmap(nullptr, 2 * limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            text = much == MAP_FAILED ? "refused" : "granted";
            return true;
        },
        {.memory = limit});
    EXPECT_EQ(answer.text, "refused");
}

TEST(ConfinedChild, has_calls_answered_as_it_is_told) {
    const SystemCallRule calls[] = {
        {SYS_getppid, ENOENT},
        {SYS_kill, 0, 1, ~0U, SIGUSR1},
        {SYS_openat, SystemCallRule::performed, 2, O_ACCMODE, O_RDONLY},
    };
    const auto answer = run_confined(
        [](std::string& text) {
            text = ::syscall(SYS_getppid) < 0 && errno == ENOENT ? "1" : "0";
            text += ::kill(1, SIGUSR1) == 0 ? "1" : "0"; // and nothing got a signal
            text += ::kill(1, SIGUSR2) < 0 && errno == EPERM ? "1" : "0";
            text += ::open("/dev/null", O_RDONLY) >= 0 ? "1" : "0";
            text += ::open("/dev/null", O_RDWR) < 0 && errno == EPERM ? "1" : "0";
            return true;
        },
        {.calls = calls});
    EXPECT_EQ(answer.text, "11111");
}

TEST(ConfinedChild, keeps_the_descriptors_that_it_is_given) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const int other = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const auto answer = run_confined(
        [&](std::string& text) {
            text = ::write(0, "x", 1) == 1 && ::write(null, "x", 1) == 1 ? "kept" : "lost";
            text += ::write(other, "x", 1) < 0 && ::write(2, "x", 1) < 0 ? "" : ", and others";
            return true;
        },
        {.standard_input = null, .kept = null});
    EXPECT_EQ(answer.text, "kept");
    ::close(null);
    ::close(other);
}

TEST(ConfinedChild, says_which_call_could_not_confine_it) {
    const std::vector<SystemCallRule> too_many(1000, SystemCallRule{SYS_getppid});
    const auto answer = run_confined([](std::string&) { return true; }, {.calls = too_many});
    EXPECT_EQ(answer.end, End::unconfined);
    EXPECT_THAT(answer.text, testing::StartsWith("seccomp: "));
}

TEST(ConfinedChild, gets_no_more_memory_by_sharing_it) {
    constexpr std::size_t limit = 64u << 20;
    const auto answer = run_confined(
        [](std::string& text) {
            const void* much =
                ::mmap(nullptr, 2 * limit, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            text = much == MAP_FAILED ? "refused" : "granted";
            return true;
        },
        {.memory = limit});
    EXPECT_EQ(answer.text, "refused");
}

TEST(ConfinedChild, cannot_have_signals_sent_by_its_descriptors) {
    EXPECT_EQ(errno_of([] { return ::fcntl(1, F_SETOWN, ::getpid()); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::fcntl(1, F_SETFL, O_ASYNC); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::fcntl(1, F_DUPFD_CLOEXEC, 3); }), 0);
}

TEST(ConfinedChild, keeps_the_limits_that_its_parent_has) {
    const pid_t limited = ::fork();
    ASSERT_GE(limited, 0);
    if (limited == 0) {
        const rlimit cpu{5, 5};
        ::setrlimit(RLIMIT_CPU, &cpu);
        ::prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE);
        drop_capabilities(0);
        ::_exit(run_confined([](std::string&) { return true; }).end == End::succeeded ? 0 : 1);
    }
    int status = 0;
    ::waitpid(limited, &status, 0);
    EXPECT_EQ(status, 0);
}

// Ctrl-Z stops both.
TEST(ConfinedChild, is_given_the_time_in_which_it_was_stopped) {
    const pid_t both = ::fork();
    ASSERT_GE(both, 0);
    if (both == 0) {
        ::setpgid(0, 0);
        const auto answer = run_confined(
            [](std::string&) {
                const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
                while (std::chrono::steady_clock::now() < end) {
                }
                return true;
            },
            {.cpu_seconds = 1});
        ::_exit(answer.end == End::succeeded ? 0 : 1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ::kill(-both, SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(3));
    ::kill(-both, SIGCONT);
    int status = 0;
    ::waitpid(both, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(ConfinedChild, can_neither_open_nor_connect_nor_start_nor_signal) {
    EXPECT_EQ(errno_of([] { return ::open("/etc/passwd", O_RDONLY); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::socket(AF_INET, SOCK_STREAM, 0); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::execl("/bin/true", "true", nullptr); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::kill(::getppid(), SIGKILL); }), EPERM);
    EXPECT_EQ(errno_of([] { return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr); }), EPERM);
}

TEST(ConfinedChild, cannot_use_bpf_nor_get_its_capabilities_back) {
    bpf_attr attributes{};
    EXPECT_EQ(errno_of([&] { return ::syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes); }),
              EPERM);
    EXPECT_EQ(errno_of([] { return ::setuid(0); }), EPERM);
    EXPECT_EQ(errno_of([] { return drop_capabilities(~CapabilitySet{}) ? 0 : -1; }), EPERM);
}

TEST(ConfinedChild, has_no_descriptor_but_its_answers) {
    EXPECT_EQ(errno_of([] { return ::write(0, "x", 1); }), EBADF);
    EXPECT_EQ(errno_of([] { return ::write(2, "x", 1); }), EBADF);
}

} // namespace
} // namespace ecc
