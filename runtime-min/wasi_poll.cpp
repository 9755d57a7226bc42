#include "runtime-min/wasi_poll.h"

#include "runtime-min/waiting.h"
#include "support/result.h"

#include <algorithm>
#include <ctime>
#include <vector>

namespace ecc {

namespace {

constexpr std::uint32_t subscription_limit = 1024;
/// Below are standard input, output and error.
constexpr std::uint32_t first_file = 3;
constexpr std::uint64_t nanoseconds_per_millisecond = 1'000'000;

enum Tag : std::uint8_t { tag_clock = 0, tag_fd_read = 1, tag_fd_write = 2 };
constexpr std::uint16_t clock_is_absolute = 1;

/// `subscription` of the specification; one of clock or descriptor is meant, by tag.
struct Subscription {
    std::uint64_t userdata;
    std::uint8_t tag;
    std::uint8_t padding[7];
    std::uint32_t clock_or_fd;
    std::uint32_t more_padding;
    std::uint64_t timeout;
    std::uint64_t precision;
    std::uint16_t flags;
    std::uint8_t last_padding[6];
};
static_assert(sizeof(Subscription) == 48);

struct Event {
    std::uint64_t userdata = 0;
    std::uint16_t error = 0;
    std::uint8_t type = 0;
    std::uint8_t padding[5]{};
    std::uint64_t bytes = 0;
    std::uint64_t flags = 0;
};
static_assert(sizeof(Event) == 32);

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
    return a + b < a ? UINT64_MAX : a + b;
}

/// Turns relative times into absolute ones, so that they do not start anew at every look.
bool make_absolute(std::vector<Subscription>& subscriptions) {
    for (auto& subscription : subscriptions) {
        if (subscription.tag > tag_fd_write)
            return false;
        if (subscription.tag != tag_clock)
            continue;
        const auto now = wasi_clock_now(subscription.clock_or_fd);
        if (!now)
            return false;
        if ((subscription.flags & clock_is_absolute) == 0)
            subscription.timeout = saturating_add(*now, subscription.timeout);
    }
    return true;
}

short poll_events(const Subscription& subscription) {
    return subscription.tag == tag_fd_read ? POLLIN : POLLOUT;
}

bool is_ready(const Subscription& subscription) {
    if (subscription.tag == tag_clock)
        return *wasi_clock_now(subscription.clock_or_fd) >= subscription.timeout;
    if (subscription.clock_or_fd >= first_file)
        return true;
    pollfd fd{static_cast<int>(subscription.clock_or_fd), poll_events(subscription), 0};
    return ::poll(&fd, 1, 0) > 0;
}

/// Milliseconds, rounded up, until the first of the clocks; -1 if there is none.
std::int64_t first_timeout(const std::vector<Subscription>& subscriptions) {
    std::int64_t first = -1;
    for (const auto& subscription : subscriptions) {
        if (subscription.tag != tag_clock)
            continue;
        const auto now = *wasi_clock_now(subscription.clock_or_fd);
        const auto left = subscription.timeout > now ? subscription.timeout - now : 0;
        const auto ms = static_cast<std::int64_t>(left / nanoseconds_per_millisecond +
                                                  (left % nanoseconds_per_millisecond != 0));
        first = first < 0 ? ms : std::min(first, ms);
    }
    return first;
}

std::vector<Event> events_of(const std::vector<Subscription>& subscriptions) {
    std::vector<Event> events;
    for (const auto& subscription : subscriptions) {
        if (is_ready(subscription))
            events.push_back({.userdata = subscription.userdata, .type = subscription.tag});
    }
    return events;
}

std::vector<pollfd> descriptors_of(const std::vector<Subscription>& subscriptions) {
    std::vector<pollfd> fds;
    for (const auto& subscription : subscriptions) {
        if (subscription.tag != tag_clock && subscription.clock_or_fd < first_file)
            fds.push_back({static_cast<int>(subscription.clock_or_fd), poll_events(subscription), 0});
    }
    return fds;
}

template <class T> ByteView bytes_of(const T* things, std::size_t count) {
    return {reinterpret_cast<const std::uint8_t*>(things), count * sizeof(T)};
}

} // namespace

std::optional<std::uint64_t> wasi_clock_now(std::uint32_t clock) {
    if (clock > 1)
        return std::nullopt;
    timespec now{};
    ::clock_gettime(clock == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

std::int32_t wasi_poll_oneoff(const GuestMemory& memory, const Signals& signals, std::uint32_t in,
                              std::uint32_t out, std::uint32_t count, std::uint32_t event_count) {
    if (count == 0 || count > subscription_limit)
        return wasi_inval;
    const auto bytes = memory.input(in, count * sizeof(Subscription));
    if (!bytes)
        return wasi_fault;
    std::vector<Subscription> subscriptions(count);
    std::ranges::copy(*bytes, reinterpret_cast<std::uint8_t*>(subscriptions.data()));
    if (!make_absolute(subscriptions))
        return wasi_inval;

    std::vector<Event> events;
    const auto fds = descriptors_of(subscriptions);
    for (;;) {
        const auto look = [&] { return !(events = events_of(subscriptions)).empty(); };
        const auto woken = wait_until(signals, fds, first_timeout(subscriptions), look);
        if (woken == Wake::signal)
            return wasi_intr;
        if (woken == Wake::ready)
            break;
    }
    const auto number = static_cast<std::uint32_t>(events.size());
    if (!memory.copy_out(out, bytes_of(events.data(), events.size())) ||
        !memory.copy_out(event_count, bytes_of(&number, 1)))
        return wasi_fault;
    return wasi_success;
}

} // namespace ecc
