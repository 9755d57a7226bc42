#include "runtime-min/startup_watch.h"

#include "runtime-min/capabilities.h"
#include "runtime-min/exit_status.h"
#include "runtime-min/resource_hint.h"
#include "runtime-min/signals.h"
#include "runtime-min/thread.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

namespace ecc {

Result<std::unique_ptr<StartupWatch>> StartupWatch::start(std::optional<Milliseconds> timeout) {
    std::unique_ptr<StartupWatch> self(new StartupWatch);
    auto set = Signals::handled();
    sigdelset(&set, SIGPIPE); // a write that fails says so itself
    self->signals_ = FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    self->stop_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!self->signals_ || !self->stop_)
        return environment_error("", "cannot watch for signals: " + errno_text(errno), resource_hint(errno));
    if (timeout)
        self->end_ = Clock::now() + *timeout;
    // Without room for a thread there is none for a guest either, and that will be said.
    if (auto thread = start_thread("watch for signals", [raw = self.get()] { raw->watch(); }))
        self->thread_ = *std::move(thread);
    return self;
}

StartupWatch::~StartupWatch() {
    finish();
}

std::optional<StartupWatch::Milliseconds> StartupWatch::finish() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
        thread_.join();
        signals_ = {};
        stop_ = {};
    }
    if (!end_)
        return std::nullopt;
    return std::max(std::chrono::ceil<Milliseconds>(*end_ - Clock::now()), Milliseconds(0));
}

int StartupWatch::milliseconds_left() const {
    if (!end_)
        return -1;
    const auto left = std::chrono::ceil<Milliseconds>(*end_ - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT32_MAX));
}

void StartupWatch::watch() const {
    drop_capabilities(0);
    std::array<pollfd, 2> fds{{{stop_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    while (fds[0].revents == 0) {
        const int left = milliseconds_left();
        if (left == 0)
            ::_exit(status_timeout);
        ::poll(fds.data(), fds.size(), left);
        signalfd_siginfo info;
        if (fds[0].revents == 0 && ::read(signals_.get(), &info, sizeof info) == sizeof info)
            ::_exit(status_signal_base + static_cast<int>(info.ssi_signo));
    }
}

} // namespace ecc
