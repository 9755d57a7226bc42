#include "runtime-min/confined_child.h"

#include "runtime-min/capabilities.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/system_call_filter.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace ecc {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int status_succeeded = 0, status_failed = 1, status_unconfined = 2;
/// The child's only descriptor.
constexpr int answer_fd = 0;

/// What memory, the answer and the end take (AddressSanitizer asks for the signal stack then), and libbpf's
/// descriptors without a file, one for each map. Everything else fails with EPERM.
constexpr int allowed_calls[] = {
    SYS_brk,       SYS_mmap,         SYS_munmap, SYS_mremap,     SYS_mprotect,    SYS_madvise,
    SYS_write,     SYS_futex,        SYS_uname,  SYS_exit_group, SYS_exit,        SYS_clock_gettime,
    SYS_getrandom, SYS_memfd_create, SYS_close,  SYS_fcntl,      SYS_sigaltstack,
};

/// proc(5), statm: the sixth number is data and stack, in pages. 0 if it cannot be read.
std::size_t data_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    for (int i = 0; i < 6; ++i)
        file >> pages;
    return file ? pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

bool set_limit(__rlimit_resource resource, rlim_t value) {
    const rlimit limit{value, value};
    return ::setrlimit(resource, &limit) == 0;
}

/// What the parent has open is closed first: reading how much memory there is takes a descriptor.
bool confine(int answer, const ConfinedLimits& limits) {
    if (::dup2(answer, answer_fd) != answer_fd || ::syscall(SYS_close_range, answer_fd + 1, ~0U, 0) != 0)
        return false;
    const std::size_t own_memory = data_bytes();
    return own_memory != 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
           set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_CPU, limits.cpu_seconds) &&
           set_limit(RLIMIT_DATA, own_memory + limits.memory) && set_limit(RLIMIT_FSIZE, 0) &&
           drop_capabilities(0) && allow_system_calls(allowed_calls);
}

[[noreturn]] void work_confined(const std::function<bool(std::string& text)>& work, int answer,
                                const ConfinedLimits& limits) {
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
        std::signal(number, SIG_DFL);
    if (!confine(answer, limits))
        ::_exit(status_unconfined);
    std::string text;
    const bool succeeded = work(text);
    std::string_view left = std::string_view(text).substr(0, confined_text_limit);
    while (!left.empty()) {
        const auto count = ::write(answer_fd, left.data(), left.size());
        if (count <= 0)
            break;
        left.remove_prefix(static_cast<std::size_t>(count));
    }
    ::_exit(succeeded ? status_succeeded : status_failed);
}

/// Reads until the child closes its end. A child that neither computes nor answers is killed too.
std::string read_answer(int fd, pid_t child, const ConfinedLimits& limits) {
    const auto deadline = Clock::now() + 2 * std::chrono::seconds(limits.cpu_seconds);
    std::string text;
    for (;;) {
        pollfd polled{fd, POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0 || text.size() > confined_text_limit)
            ::kill(child, SIGKILL);
        const int ready = ::poll(&polled, 1, left > 0 ? static_cast<int>(left) : -1);
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
                            const ConfinedLimits& limits) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {.error = errno};
    const FileDescriptor reader(ends[0]);
    FileDescriptor writer(ends[1]);
    const pid_t child = ::fork();
    if (child < 0)
        return {.error = errno};
    if (child == 0)
        work_confined(work, writer.get(), limits);
    writer = FileDescriptor();
    ConfinedAnswer answer;
    answer.text = read_answer(reader.get(), child, limits);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
        answer.signal = WTERMSIG(status);
    else if (WEXITSTATUS(status) == status_succeeded || WEXITSTATUS(status) == status_failed)
        answer.end = WEXITSTATUS(status) == status_succeeded ? ConfinedAnswer::End::succeeded
                                                             : ConfinedAnswer::End::failed;
    return answer;
}

} // namespace ecc
