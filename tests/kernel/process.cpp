#include "tests/kernel/process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace ecc::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds provoke_interval{20};
constexpr int status_not_started = 127;

milliseconds left_until(Clock::time_point deadline) {
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

struct Pipe {
    int read_end = -1, write_end = -1;
};

Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {ends[0], ends[1]};
}

/// Only functions that are safe between fork and exec. Signals and their mask are as a shell would leave
/// them.
[[noreturn]] void become(char* const* argv, int input, int out, int err) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE})
        ::signal(number, SIG_DFL);
    ::dup2(input, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execvp(argv[0], argv);
    const char* reason = std::strerror(errno);
    (void)!::write(STDERR_FILENO, reason, std::strlen(reason));
    ::_exit(status_not_started);
}

int to_exit_status(int wait_status) {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

} // namespace

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t start = 0;
    for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
        lines.push_back(text.substr(start, end - start));
    return lines;
}

Process Process::start(const Command& command) {
    std::vector<char*> argv;
    for (const std::string& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);

    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const Pipe out = make_pipe(), err = make_pipe();
    const pid_t pid = ::fork();
    if (pid == 0)
        become(argv.data(), input, out.write_end, err.write_end);
    for (const int fd : {input, out.write_end, err.write_end})
        ::close(fd);
    return {pid, out.read_end, err.read_end};
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(other.status_), out_(std::exchange(other.out_, {})),
      err_(std::exchange(other.err_, {})) {}

Process::~Process() {
    for (const int fd : {out_.fd, err_.fd})
        if (fd >= 0)
            ::close(fd);
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void Process::read_available(Stream& stream) {
    char buffer[65536];
    while (stream.fd >= 0) {
        const ssize_t length = ::read(stream.fd, buffer, sizeof buffer);
        if (length > 0) {
            stream.text.append(buffer, static_cast<std::size_t>(length));
            continue;
        }
        if (length < 0 && errno == EINTR)
            continue;
        if (length == 0 || errno != EAGAIN) {
            ::close(stream.fd);
            stream.fd = -1;
        }
        return;
    }
}

void Process::read_for(milliseconds time) {
    pollfd fds[] = {{out_.fd, POLLIN, 0}, {err_.fd, POLLIN, 0}};
    ::poll(fds, 2, static_cast<int>(time.count()));
    read_available(out_);
    read_available(err_);
}

std::optional<std::string> Process::wait_in(const std::string& text, const LineTest& test,
                                            const std::function<void()>& provoke, milliseconds deadline) {
    const auto end = Clock::now() + deadline;
    std::size_t seen = 0;
    for (;;) {
        const bool last_look = is_over() || Clock::now() >= end;
        for (std::size_t stop; (stop = text.find('\n', seen)) != std::string::npos; seen = stop + 1)
            if (std::string line = text.substr(seen, stop - seen); test(line))
                return line;
        if (last_look)
            return std::nullopt;
        if (provoke)
            provoke();
        read_for(provoke ? std::min(provoke_interval, left_until(end)) : left_until(end));
    }
}

std::optional<std::string> Process::wait_for_line(const LineTest& test, const std::function<void()>& provoke,
                                                  milliseconds deadline) {
    return wait_in(out_.text, test, provoke, deadline);
}

std::optional<std::string> Process::wait_for_error_line(const LineTest& test, milliseconds deadline) {
    return wait_in(err_.text, test, {}, deadline);
}

std::vector<std::string> Process::lines() {
    read_for(milliseconds(0));
    return split_lines(out_.text);
}

void Process::send_signal(int number) const {
    if (pid_ > 0)
        ::kill(pid_, number);
}

void Process::close_output() {
    if (out_.fd >= 0)
        ::close(out_.fd);
    out_.fd = -1;
}

Output Process::wait(milliseconds deadline) {
    const auto end = Clock::now() + deadline;
    // A program may close its output before it ends, and what it started may hold the output open after it.
    while (pid_ > 0 && Clock::now() < end) {
        int wait_status = 0;
        read_for(std::min(provoke_interval, left_until(end)));
        if (::waitpid(pid_, &wait_status, WNOHANG) == pid_) {
            status_ = to_exit_status(wait_status);
            pid_ = -1;
        }
    }
    read_for(milliseconds(0));
    return {status_, out_.text, err_.text};
}

Output Process::interrupt() {
    send_signal(SIGINT);
    return wait();
}

std::string Process::describe() {
    read_for(milliseconds(0));
    return (is_over() ? "the program has ended" : "the program runs") + std::string("\nstandard output:\n") +
           out_.text + "\nstandard error:\n" + err_.text;
}

Output run(const Command& command, milliseconds deadline) {
    return Process::start(command).wait(deadline);
}

} // namespace ecc::test
