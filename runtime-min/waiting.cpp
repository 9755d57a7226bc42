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
    std::vector<pollfd> polled(fds.begin(), fds.end());
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
