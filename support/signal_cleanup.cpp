#include "support/signal_cleanup.h"

#include <array>
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace ecc {
namespace {

std::array<std::atomic<const SignalCleanup*>, 16> slots; // a handler reaches nothing else

} // namespace

void SignalCleanup::clean_up(int signal) {
    for (auto& slot : slots)
        if (const SignalCleanup* cleanup = slot.exchange(nullptr); cleanup && cleanup->owner_ == ::getpid())
            cleanup->action_(cleanup->argument_);
    std::signal(signal, SIG_DFL);
    std::raise(signal); // comes once this handler has returned
}

void SignalCleanup::handle(int signal) {
    struct sigaction action = {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL)
        return;
    action.sa_handler = clean_up;
    sigaddset(&action.sa_mask, SIGTTOU); // it would stop what sets a terminal from the background
    ::sigaction(signal, &action, nullptr);
}

SignalCleanup::SignalCleanup(Action action, const void* argument)
    : action_(action), argument_(argument), owner_(::getpid()) {
    for (auto& slot : slots)
        if (const SignalCleanup* none = nullptr; slot.compare_exchange_strong(none, this))
            break;
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP})
        handle(signal);
}

SignalCleanup::~SignalCleanup() {
    for (auto& slot : slots)
        if (const SignalCleanup* own = this; slot.compare_exchange_strong(own, nullptr))
            break;
}

} // namespace ecc
