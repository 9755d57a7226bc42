#include "packager/oci/retry.h"

#include <algorithm>
#include <charconv>
#include <curl/curl.h>
#include <random>
#include <thread>

namespace ecc {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr long passing[] = {408, 425, 429, 500, 502, 503, 504};
constexpr std::int64_t farthest = 10LL * 365 * 24 * 3600;

} // namespace

bool is_passing_status(long status) {
    return std::ranges::find(passing, status) != std::end(passing);
}

std::optional<seconds> parse_retry_after(const std::string& value) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc::result_out_of_range)
        return seconds(farthest);
    if (error == std::errc() && end == value.data() + value.size())
        return number < 0 ? std::nullopt : std::optional(seconds(std::min(number, farthest)));
    const time_t date = curl_getdate(value.c_str(), nullptr);
    if (date < 0)
        return std::nullopt;
    return seconds(std::clamp<std::int64_t>(date - std::time(nullptr), 0, farthest));
}

milliseconds jittered(milliseconds time, double least, double most) {
    thread_local std::minstd_rand random(std::random_device{}());
    const double factor = std::uniform_real_distribution<>(least, most)(random);
    return milliseconds(static_cast<long>(static_cast<double>(time.count()) * factor));
}

void RetryPolicy::pause(milliseconds time) const {
    wait ? wait(time) : std::this_thread::sleep_for(time);
}

Retry::Retry(RetryPolicy policy)
    : policy_(std::move(policy)), end_(std::chrono::steady_clock::now() + policy_.patience) {}

milliseconds Retry::delay() const {
    const milliseconds doubled = policy_.first_delay * (1 << std::min(made_ - 1, 16));
    return jittered(std::min(doubled, policy_.max_delay), 0.8, 1.2);
}

bool Retry::again(std::optional<seconds> retry_after) {
    if (made_ >= policy_.attempts || (retry_after && *retry_after > policy_.max_retry_after))
        return false;
    const milliseconds pause = std::max<milliseconds>(delay(), retry_after.value_or(seconds(0)));
    if (retry_after)
        end_ += *retry_after;
    if (std::chrono::steady_clock::now() + pause > end_)
        return false;
    made_++;
    policy_.pause(pause);
    return true;
}

} // namespace ecc
