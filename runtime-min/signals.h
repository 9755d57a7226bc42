// Signals and the time limit, as one guest sees them. A thread receives SIGINT, SIGTERM, SIGHUP and SIGPIPE,
// so that nothing here runs in a signal handler.
//
// The first signal wakes whatever the guest waits in (-EINTR). A guest that imports `signal_take` may fetch
// it and decide; if it does not within a second, or imports no such function, or when a second signal comes,
// the guest is ended: through the engine's epoch if it computes, and by ending the process if it stays in a
// host call. The same signal within 200 milliseconds is no second one: it may go to the process and its
// group. SIGPIPE ends it in the same way, but a guest that goes on writing is not ended as by a second
// signal.
#pragma once

#include "runtime-min/file_descriptor.h"
#include "support/result.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace ecc {

class Signals {
public:
    struct Policy {
        bool guest_takes_signals = false;
        std::optional<std::chrono::milliseconds> timeout; ///< then the guest gets a SIGTERM
        std::function<void()> interrupt; ///< makes a computing guest trap; called from another thread
        /// How long an ended guest may stay in a host call that does not look at signals, such as a blocking
        /// read.
        std::chrono::milliseconds host_call_period{200};
        /// From now on, of the thread that starts; then the guest is ended.
        std::optional<std::chrono::milliseconds> cpu_time = std::nullopt;
        /// Called from another thread if that ends the process, because the guest stays in a host call.
        std::function<void()> report_out_of_cpu = {};
    };

    /// Blocks the signals in this thread and all that it will start. Call it before there are threads.
    static void block();

    /// Those that block() blocks.
    static sigset_t handled();

    static Result<std::unique_ptr<Signals>> start(Policy policy);
    ~Signals();

    /// The number of a signal that was not taken yet, else 0.
    int pending() const { return pending_; }
    int take();
    /// Readable while a signal is pending or the guest is to end.
    int wake_fd() const { return wake_.get(); }

    /// True once the guest is to end; every host call then traps.
    bool ending() const { return ending_; }
    /// True once the time limit has passed: whatever the guest does then, its status is status_timeout.
    bool timed_out() const { return timed_out_; }
    /// True once the guest was ended because its CPU time was used up.
    bool out_of_cpu() const { return out_of_cpu_; }
    /// The exit status of a guest that was ended.
    int end_status() const;
    /// A reader of the guest's output has gone away. Returns when the guest has a signal pending or is to
    /// end.
    void report_broken_pipe() const;

    /// While one exists the guest is at work that a slow reader holds up: it has no chance to take a signal,
    /// and its time for that does not run out.
    class Busy {
    public:
        explicit Busy(Signals& signals) : signals_(signals) { signals_.busy_ = true; }
        ~Busy() { signals_.busy_ = false; }
        Busy(const Busy&) = delete;

    private:
        Signals& signals_;
    };

    /// The guest is over: no signal matters any more.
    void finish();

private:
    explicit Signals(Policy policy) : policy_(std::move(policy)) {}

    using Clock = std::chrono::steady_clock;

    void watch();
    int next_event() const;
    void on_signal(int number);
    void on_deadline();
    std::chrono::nanoseconds cpu_time() const;
    void check_cpu_time();
    void end_guest();
    [[noreturn]] void end_process() const;
    void wake() const;

    Policy policy_;
    FileDescriptor signals_, wake_, stop_;
    std::atomic<int> pending_ = 0;
    std::atomic<bool> ending_ = false;
    std::atomic<bool> timed_out_ = false;
    std::atomic<bool> busy_ = false;
    std::atomic<bool> out_of_cpu_ = false;
    std::atomic<int> last_ = 0;

    // Only the thread uses these.
    std::optional<Clock::time_point> time_limit_, cpu_check_, grace_, hard_end_;
    clockid_t guest_clock_ = CLOCK_THREAD_CPUTIME_ID;
    std::chrono::nanoseconds cpu_end_{}; ///< of cpu_time()
    Clock::time_point echo_end_;         ///< until then the same signal again is no second one
    std::thread thread_;
};

} // namespace ecc
