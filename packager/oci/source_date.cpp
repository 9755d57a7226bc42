#include "packager/oci/source_date.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/chrono.h>

namespace ecc {
namespace {

constexpr std::int64_t last_second = 253402300799; // 9999-12-31, the last that RFC 3339 can say

} // namespace

std::string rfc3339(std::int64_t seconds) {
    const auto sayable = static_cast<std::time_t>(std::clamp<std::int64_t>(seconds, 0, last_second));
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(sayable));
}

Result<std::optional<std::int64_t>> source_date_epoch() {
    const char* text = std::getenv("SOURCE_DATE_EPOCH");
    if (!text || !*text)
        return std::nullopt;
    std::string_view digits = text;
    std::int64_t seconds = 0;
    auto [end, error] = std::from_chars(digits.begin(), digits.end(), seconds);
    if (error != std::errc() || end != digits.end() || seconds < 0 || seconds > last_second)
        return environment_error("SOURCE_DATE_EPOCH",
                                 fmt::format("\"{}\" is not a number of seconds since 1970", digits),
                                 "unset it, or set it with `date +%s`");
    return seconds;
}

} // namespace ecc
