#include "runtime-min/confined_child.h"

#include "runtime-min/capabilities.h"
#include "runtime-min/file_descriptor.h"
#include "support/files.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

namespace ecc {

namespace {

constexpr int status_succeeded = 0, status_failed = 1, status_unconfined = 2;
/// Where the child writes its answer.
constexpr int answer_fd = 1;

/// What memory, the answer and the end take (AddressSanitizer asks for the signal stack then), and libbpf's
/// descriptors without a file, one for each map. fcntl(2) can do more with a descriptor than have another
/// one: F_SETOWN sends signals.
constexpr SystemCallRule own_calls[] = {
    {SYS_fcntl, SystemCallRule::performed, 1, ~0U, F_DUPFD},
    {SYS_fcntl, SystemCallRule::performed, 1, ~0U, F_DUPFD_CLOEXEC},
    {SYS_fcntl, SystemCallRule::performed, 1, ~0U, F_GETFD},
    {SYS_brk},
    {SYS_mmap},
    {SYS_munmap},
    {SYS_mremap},
    {SYS_mprotect},
    {SYS_madvise},
    {SYS_write},
    {SYS_futex},
    {SYS_uname},
    {SYS_exit_group},
    {SYS_exit},
    {SYS_clock_gettime},
    {SYS_getrandom},
    {SYS_memfd_create},
    {SYS_close},
    {SYS_sigaltstack},
};

/// proc(5), statm: the first number is the size of the address space, in pages. 0 if it cannot be read.
std::size_t address_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Or what the process is limited to already, if that is less.
bool set_limit(__rlimit_resource resource, rlim_t value) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0)
        return false;
    limit.rlim_cur = limit.rlim_max = std::min(limit.rlim_max, value);
    return ::setrlimit(resource, &limit) == 0;
}

/// Closes everything but the answer, the standard input and what is kept.
bool close_others(int answer, const Confinement& confinement) {
    const auto close_range = [](unsigned first, unsigned last) {
        return first > last || ::syscall(SYS_close_range, first, last, 0) == 0;
    };
    // The answer first: both may have the other's number.
    const int input = confinement.standard_input < 0 ? -1 : ::fcntl(confinement.standard_input, F_DUPFD, 2);
    if (::dup2(answer, answer_fd) != answer_fd || (input >= 0 ? ::dup2(input, 0) != 0 : !close_range(0, 0)))
        return false;
    const auto behind = static_cast<unsigned>(answer_fd) + 1;
    if (confinement.kept <= answer_fd)
        return close_range(behind, ~0U);
    const auto kept = static_cast<unsigned>(confinement.kept);
    return close_range(behind, kept - 1) && close_range(kept + 1, ~0U);
}

/// The call that failed, or nothing. What the parent has open is closed first: reading how much memory there
/// is takes a descriptor.
std::string confine(int answer, const Confinement& confinement) {
    const char* failed = nullptr;
    const auto step = [&failed](const char* call, bool done) {
        failed = done ? nullptr : call;
        return done;
    };
    std::vector<SystemCallRule> calls(confinement.calls.begin(), confinement.calls.end());
    calls.insert(calls.end(), std::begin(own_calls), std::end(own_calls));
    errno = 0;
    std::size_t own_memory = 0;
    if (step("close_range", close_others(answer, confinement)) &&
        step("/proc/self/statm", (own_memory = address_bytes()) != 0) &&
        step("PR_SET_DUMPABLE", ::prctl(PR_SET_DUMPABLE, 0) == 0) &&
        step("PR_SET_PDEATHSIG", ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) &&
        step("RLIMIT_CORE", set_limit(RLIMIT_CORE, 0)) &&
        step("RLIMIT_CPU", set_limit(RLIMIT_CPU, confinement.cpu_seconds)) &&
        step("RLIMIT_AS", set_limit(RLIMIT_AS, own_memory + confinement.memory)) &&
        step("RLIMIT_FSIZE", set_limit(RLIMIT_FSIZE, 0)) && step("capset", drop_capabilities(0)) &&
        step("seccomp", filter_system_calls(calls)))
        return {};
    return fmt::format("{}: {}", failed, errno_text(errno));
}

void send_answer(std::string_view text) {
    text = text.substr(0, confined_text_limit);
    while (!text.empty()) {
        const auto count = ::write(answer_fd, text.data(), text.size());
        if (count <= 0)
            break;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

[[noreturn]] void work_confined(const std::function<bool(std::string& text)>& work, int answer,
                                const Confinement& confinement) {
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
        std::signal(number, SIG_DFL);
    if (const auto failed = confine(answer, confinement); !failed.empty()) {
        send_answer(failed);
        ::_exit(status_unconfined);
    }
    std::string text;
    const bool succeeded = work(text);
    send_answer(text);
    ::_exit(succeeded ? status_succeeded : status_failed);
}

ConfinedAnswer::End end_of(int status) {
    if (WIFEXITED(status)) {
        switch (WEXITSTATUS(status)) {
        case status_succeeded:
            return ConfinedAnswer::End::succeeded;
        case status_failed:
            return ConfinedAnswer::End::failed;
        case status_unconfined:
            return ConfinedAnswer::End::unconfined;
        }
    }
    return ConfinedAnswer::End::died;
}

/// Reads until the child closes its end. A child that neither computes nor answers is killed too; a time in
/// which both were stopped counts as one wait.
std::string read_answer(int fd, pid_t child, const Confinement& confinement) {
    constexpr int wait_milliseconds = 50;
    unsigned waits = 2 * confinement.cpu_seconds * 1000 / wait_milliseconds;
    std::string text;
    for (;;) {
        if (waits == 0 || text.size() > confined_text_limit)
            ::kill(child, SIGKILL);
        pollfd polled{fd, POLLIN, 0};
        const int ready = ::poll(&polled, 1, wait_milliseconds);
        if (ready == 0 && waits > 0)
            --waits;
        if (ready <= 0)
            continue;
        char buffer[4096];
        const auto count = ::read(fd, buffer, sizeof buffer);
        if (count == 0 || (count < 0 && errno != EINTR))
            break;
        text.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return text.substr(0, confined_text_limit);
}

} // namespace

ConfinedAnswer run_confined(const std::function<bool(std::string& text)>& work,
                            const Confinement& confinement) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {.end = ConfinedAnswer::End::unborn, .error = errno};
    const FileDescriptor reader(ends[0]);
    FileDescriptor writer(ends[1]);
    const pid_t child = ::fork();
    if (child < 0)
        return {.end = ConfinedAnswer::End::unborn, .error = errno};
    if (child == 0)
        work_confined(work, writer.get(), confinement);
    writer = FileDescriptor();
    ConfinedAnswer answer;
    answer.text = read_answer(reader.get(), child, confinement);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    answer.end = end_of(status);
    if (WIFSIGNALED(status))
        answer.signal = WTERMSIG(status);
    return answer;
}

} // namespace ecc
