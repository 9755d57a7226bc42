// Signals and the time limit until the guest begins: reading a pipe that nobody writes, or compiling a module
// that is made to take long, ends as any program would.
#pragma once

#include "runtime-min/file_descriptor.h"
#include "support/result.h"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace ecc {

class StartupWatch {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// Needs Signals::block(). From now on a signal ends the process with its status, and so does the end of
    /// `timeout`.
    static Result<std::unique_ptr<StartupWatch>> start(std::optional<Milliseconds> timeout);
    ~StartupWatch();

    /// The guest begins: signals are its own, and what is returned is what it has left of the timeout.
    std::optional<Milliseconds> finish();

private:
    using Clock = std::chrono::steady_clock;

    StartupWatch() = default;
    void watch() const;
    int milliseconds_left() const;

    FileDescriptor signals_, stop_;
    std::optional<Clock::time_point> end_;
    std::thread thread_;
};

} // namespace ecc
