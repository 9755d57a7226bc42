// When a request is sent again, and after how long: exponential back-off with jitter, or as long as the
// server's Retry-After says (RFC 9110, 10.2.3).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

struct RetryPolicy {
    int attempts = 5;
    std::chrono::milliseconds first_delay{100}; ///< doubles with each attempt
    std::chrono::milliseconds max_delay{3000};
    std::chrono::seconds max_retry_after{600}; ///< a server that asks for more is given up
    std::chrono::seconds patience{
        120}; ///< no attempt begins later than this, waits that servers asked for aside
    /// Waits; tests replace it.
    std::function<void(std::chrono::milliseconds)> wait;

    void pause(std::chrono::milliseconds time) const;

    /// For transfers that make progress in between.
    RetryPolicy with_attempts(int count) const {
        RetryPolicy policy = *this;
        policy.attempts = count;
        policy.patience = std::chrono::hours(24);
        return policy;
    }
};

/// 408, 425, 429 and those 5xx that speak of a moment.
bool is_passing_status(long status);

/// Seconds from now, of a number or an HTTP date; nothing if it is malformed. Never negative.
std::optional<std::chrono::seconds> parse_retry_after(const std::string& value);

/// Times a random factor, so that clients that collided once do not again.
std::chrono::milliseconds jittered(std::chrono::milliseconds time, double least, double most);

/// The attempts of one request.
class Retry {
public:
    explicit Retry(RetryPolicy policy);
    /// Waits and returns true if there is to be another attempt.
    bool again(std::optional<std::chrono::seconds> retry_after = {});

private:
    std::chrono::milliseconds delay() const;

    const RetryPolicy policy_;
    std::chrono::steady_clock::time_point end_;
    int made_ = 1;
};

} // namespace ecc
