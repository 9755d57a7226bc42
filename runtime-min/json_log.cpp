#include "runtime-min/json_log.h"

#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ecc {

namespace {

using Json = nlohmann::ordered_json;

/// RFC 3339, milliseconds.
std::string utc_now() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, now.tv_nsec / 1'000'000);
}

void write_line(const Diagnostic& diagnostic) {
    Json line = {{"time", utc_now()}, {"level", diagnostic.level}};
    if (!diagnostic.where.empty())
        line["where"] = diagnostic.where;
    line["message"] = diagnostic.what;
    if (!diagnostic.hint.empty())
        line["hint"] = diagnostic.hint;
    const auto text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace

Diagnostics json_diagnostics() {
    return Diagnostics(write_line);
}

void json_debug_line(std::string_view message) {
    if (message.ends_with('\n'))
        message.remove_suffix(1);
    write_line({.level = "debug", .where = {}, .what = message, .hint = {}});
}

} // namespace ecc
