// What is done when a signal ends the program, since no destructor runs then.
#pragma once

#include <sys/types.h>

namespace ecc {

/// While it lives, SIGINT, SIGQUIT, SIGTERM and SIGHUP do the action before they end the program, unless they
/// are ignored or handled already; not in a forked child. One of the first 16; more are forgotten.
class SignalCleanup {
public:
    /// May call nothing but what signal-safety(7) permits. `argument` must outlive the object.
    using Action = void (*)(const void* argument);

    SignalCleanup(Action action, const void* argument);
    SignalCleanup(const SignalCleanup&) = delete;
    SignalCleanup& operator=(const SignalCleanup&) = delete;
    ~SignalCleanup();

private:
    static void clean_up(int signal);
    static void handle(int signal);

    const Action action_;
    const void* const argument_;
    const pid_t owner_;
};

} // namespace ecc
