#include "packager/oci/transfer_rate.h"

#include <cmath>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr double mega = 1e6;
constexpr double memory_seconds = 3;
constexpr double longest_wait = 100 * 3600; ///< what takes longer, nobody waits for

std::string clock_text(double seconds) {
    const auto whole = static_cast<long>(std::ceil(seconds));
    const long hours = whole / 3600, minutes = whole / 60 % 60;
    if (hours > 0)
        return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
    return fmt::format("{}:{:02}", minutes, whole % 60);
}

} // namespace

double TransferRate::update(Time now, std::uint64_t done) {
    const double seconds = std::chrono::duration<double>(now - last_).count();
    if (seconds <= 0)
        return known_ > 0 ? rate_ / known_ : 0;
    const double current = done > done_ ? static_cast<double>(done - done_) / seconds : 0;
    const double weight = 1 - std::exp(-seconds / memory_seconds);
    rate_ += weight * (current - rate_);
    known_ += weight * (1 - known_);
    last_ = now;
    done_ = done;
    return rate_ / known_;
}

std::string transfer_text(std::uint64_t done, std::uint64_t total, double bytes_per_second) {
    std::string text = fmt::format("{:.1f} of {:.1f} MB, {:.1f} MB/s", static_cast<double>(done) / mega,
                                   static_cast<double>(total) / mega, bytes_per_second / mega);
    const double left = total > done ? static_cast<double>(total - done) : 0;
    if (bytes_per_second > 0 && left / bytes_per_second < longest_wait)
        text += fmt::format(", {} left", clock_text(left / bytes_per_second));
    return text;
}

} // namespace ecc
