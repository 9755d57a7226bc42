#include "runtime-min/signals.h"

#include "runtime-min/capabilities.h"
#include "runtime-min/exit_status.h"
#include "runtime-min/resource_hint.h"
#include "runtime-min/thread.h"
#include "support/files.h"

#include <array>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace ecc {

namespace {

using namespace std::chrono_literals;

/// How long a guest may take to fetch a signal, or to end after the time limit.
constexpr auto grace_period = 1000ms;

/// timeout(1) and some shells signal a process and its group: what follows that soon is the same signal.
constexpr auto echo_period = 200ms;

bool is_ignored(int number) {
    struct sigaction action{};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

std::chrono::nanoseconds time_on(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void drain(int event_fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(event_fd, &count, sizeof count);
}

} // namespace

/// Under nohup(1) SIGHUP stays without effect. SIGINT does not, though shells ignore it for background jobs:
/// programs that detach at Ctrl-C install a handler whatever was before.
sigset_t Signals::handled() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE})
        sigaddset(&set, number);
    if (!is_ignored(SIGHUP))
        sigaddset(&set, SIGHUP);
    return set;
}

void Signals::block() {
    // Whoever started us may have chosen to ignore it; then it would not arrive.
    std::signal(SIGPIPE, SIG_DFL);
    const auto set = handled();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Result<std::unique_ptr<Signals>> Signals::start(Policy policy) {
    std::unique_ptr<Signals> self(new Signals(std::move(policy)));
    const auto set = handled();
    self->signals_ = FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    self->wake_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    self->stop_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!self->signals_ || !self->wake_ || !self->stop_)
        return environment_error("", "cannot watch for signals: " + errno_text(errno), resource_hint(errno));
    if (self->policy_.timeout)
        self->time_limit_ = Clock::now() + *self->policy_.timeout;
    if (self->policy_.cpu_time) {
        ::pthread_getcpuclockid(::pthread_self(), &self->guest_clock_);
        self->cpu_end_ = self->cpu_time() + *self->policy_.cpu_time;
        self->cpu_check_ = Clock::now();
    }
    ECC_TRY(self->thread_, start_thread("watch for signals", [raw = self.get()] { raw->watch(); }));
    return self;
}

Signals::~Signals() {
    finish();
}

void Signals::finish() {
    if (!thread_.joinable())
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
    thread_.join();
}

int Signals::take() {
    const int number = pending_.exchange(0);
    if (number != 0 && !ending_)
        drain(wake_.get());
    return number;
}

int Signals::end_status() const {
    if (out_of_cpu_)
        return status_trap;
    return timed_out_ ? status_timeout : status_signal_base + last_;
}

void Signals::report_broken_pipe() const {
    ::kill(::getpid(), SIGPIPE);
    pollfd reported{wake_.get(), POLLIN, 0};
    ::poll(&reported, 1, -1);
}

void Signals::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

/// Waits for a signal, whose number it returns, for a deadline (0) or for the end of the guest (-1).
int Signals::next_event() const {
    auto deadline = Clock::time_point::max();
    for (const auto& candidate : {time_limit_, cpu_check_, grace_, hard_end_})
        deadline = std::min(deadline, candidate.value_or(deadline));
    int timeout = -1;
    if (deadline != Clock::time_point::max()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT32_MAX));
    }
    std::array<pollfd, 2> fds{{{stop_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), timeout);
    if (fds[0].revents != 0)
        return -1;
    signalfd_siginfo info;
    return ::read(signals_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

void Signals::watch() {
    drop_capabilities(0);
    for (int event = next_event(); event >= 0; event = next_event()) {
        if (event > 0)
            on_signal(event);
        on_deadline();
    }
}

void Signals::on_signal(int number) {
    const bool first = last_ == 0 || number == SIGPIPE;
    if (!first && number == last_ && Clock::now() < echo_end_)
        return;
    if (!ending_)
        last_ = number;
    if (!first || !policy_.guest_takes_signals)
        return end_guest();
    pending_ = number;
    echo_end_ = Clock::now() + echo_period;
    grace_ = Clock::now() + grace_period;
    wake();
}

void Signals::on_deadline() {
    const auto now = Clock::now();
    if (hard_end_ && now >= *hard_end_)
        end_process();
    if (grace_ && now >= *grace_) {
        grace_.reset();
        if (busy_ && !timed_out_)
            grace_ = now + grace_period;
        else if (pending_ != 0 || timed_out_)
            end_guest();
    }
    if (cpu_check_ && now >= *cpu_check_)
        check_cpu_time();
    if (time_limit_ && now >= *time_limit_) {
        time_limit_.reset();
        timed_out_ = true;
        on_signal(SIGTERM);
    }
}

/// Of the guest, and of the children in which its objects are tried while it waits.
std::chrono::nanoseconds Signals::cpu_time() const {
    rusage children{};
    ::getrusage(RUSAGE_CHILDREN, &children);
    const auto of = [](const timeval& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    };
    return time_on(guest_clock_) + of(children.ru_utime) + of(children.ru_stime);
}

/// CPU time never runs faster than the clock, so nothing needs to be counted in between.
void Signals::check_cpu_time() {
    const auto left = cpu_end_ - cpu_time();
    if (left.count() > 0) {
        cpu_check_ = Clock::now() + left;
        return;
    }
    cpu_check_.reset();
    out_of_cpu_ = true;
    end_guest();
}

void Signals::end_guest() {
    if (ending_)
        return;
    ending_ = true;
    grace_.reset();
    hard_end_ = Clock::now() + policy_.host_call_period;
    wake();
    policy_.interrupt();
}

/// The guest sits in a host call. Whatever it had attached goes with the process.
void Signals::end_process() const {
    if (out_of_cpu_ && policy_.report_out_of_cpu) {
        // Nobody may read the report, or the guest's thread hold the stream.
        std::signal(SIGALRM, [](int) { ::_exit(status_trap); });
        ::alarm(1);
        policy_.report_out_of_cpu();
    }
    ::_exit(end_status());
}

} // namespace ecc
