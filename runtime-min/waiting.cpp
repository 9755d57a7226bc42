#include "runtime-min/waiting.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace ecc {

namespace {

using Clock = std::chrono::steady_clock;

/// Beyond this a limit is as good as none, and clock arithmetic could overflow.
constexpr std::int64_t longest_wait_ms = std::int64_t{1} << 40;

int milliseconds_left(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT32_MAX));
}

/// Each descriptor once: poll(2) refuses more than the limit of open ones, and a guest can name one often.
std::vector<pollfd> without_repetitions(std::span<const pollfd> fds) {
    std::vector<pollfd> once;
    for (const auto& fd : fds) {
        const auto same = std::ranges::find(once, fd.fd, &pollfd::fd);
        if (same == once.end())
            once.push_back(fd);
        else
            same->events = static_cast<short>(same->events | fd.events);
    }
    return once;
}

std::optional<Wake> look(const Signals& signals, const std::function<bool()>& ready) {
    if (signals.ending() || signals.pending() != 0)
        return Wake::signal;
    if (ready())
        return Wake::ready;
    return std::nullopt;
}

} // namespace

Wake wait_until(const Signals& signals, std::span<const pollfd> fds, std::int64_t timeout_ms,
                const std::function<bool()>& ready) {
    if (const auto woken = look(signals, ready))
        return *woken;
    if (timeout_ms == 0)
        return Wake::timeout;
    const bool endless = timeout_ms < 0 || timeout_ms > longest_wait_ms;
    const auto deadline = Clock::now() + std::chrono::milliseconds(endless ? 0 : timeout_ms);
    auto polled = without_repetitions(fds);
    polled.push_back({signals.wake_fd(), POLLIN, 0});
    for (int left = endless ? -1 : milliseconds_left(deadline); left != 0;
         left = endless ? -1 : milliseconds_left(deadline)) {
        ::poll(polled.data(), polled.size(), left);
        if (const auto woken = look(signals, ready))
            return *woken;
    }
    return Wake::timeout;
}

} // namespace ecc
