#include "runtime-min/window_guard.h"

#include <cerrno>
#include <csignal>
#include <sys/mman.h>

namespace ecc {

namespace {

/// A signal handler has no other way to its data.
std::atomic<WindowGuard*> active_guard = nullptr;
struct sigaction previous_action;

std::uintptr_t number_of(const void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

void pass_on(int number, siginfo_t* info, void* context) {
    if ((previous_action.sa_flags & SA_SIGINFO) != 0)
        return previous_action.sa_sigaction(number, info, context);
    // The instruction faults again and meets the default action.
    ::sigaction(number, &previous_action, nullptr);
}

void on_fault(int number, siginfo_t* info, void* context) {
    const int saved_errno = errno;
    auto* guard = active_guard.load();
    if (guard == nullptr || !guard->mend(info->si_addr))
        pass_on(number, info, context);
    errno = saved_errno;
}

/// Once for the process: the engine's handler, which comes before this one, remembers it for good.
bool handle_faults() {
    struct sigaction action{};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    return ::sigaction(SIGSEGV, &action, &previous_action) == 0;
}

} // namespace

WindowGuard::WindowGuard(std::function<void()> interrupt) : interrupt_(std::move(interrupt)) {
    [[maybe_unused]] static const bool handled = handle_faults();
    active_guard = this;
}

WindowGuard::~WindowGuard() {
    active_guard = nullptr;
}

bool WindowGuard::add(std::span<const std::uint8_t> pages) {
    for (std::size_t i = 0; i < limit; ++i) {
        if (ranges_[i].end != 0)
            continue;
        ranges_[i].begin = number_of(pages.data());
        ranges_[i].end = number_of(pages.data() + pages.size());
        used_ = std::max(used_.load(), i + 1);
        return true;
    }
    return false;
}

void WindowGuard::remove(std::span<const std::uint8_t> pages) {
    for (auto& range : ranges_) {
        if (range.end != 0 && range.begin == number_of(pages.data()))
            range.end = 0;
    }
}

bool WindowGuard::covers(std::span<const std::uint8_t> bytes) const {
    const auto begin = number_of(bytes.data()), end = begin + bytes.size();
    const auto used = used_.load();
    for (std::size_t i = 0; i < used; ++i) {
        if (begin < ranges_[i].end && ranges_[i].begin < end)
            return true;
    }
    return false;
}

void WindowGuard::poison(const char* reason) {
    const char* none = nullptr;
    if (reason_.compare_exchange_strong(none, reason) && interrupt_)
        interrupt_();
}

bool WindowGuard::mend(const void* address) {
    const auto fault = number_of(address);
    for (auto& range : ranges_) {
        if (fault < range.begin || fault >= range.end)
            continue;
        const auto begin = range.begin.load(), size = range.end - begin;
        // All of it at once: a fault for each page could take long.
        if (::mmap(reinterpret_cast<void*>(begin), size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
            return false;
        poison(forbidden_write);
        return true;
    }
    return false;
}

} // namespace ecc
