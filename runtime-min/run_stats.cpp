#include "runtime-min/run_stats.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace ecc {

namespace {

double milliseconds(RunStats::Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

struct ProcessUsage {
    double cpu_ms = 0;
    std::uint64_t memory = 0; ///< resident, at most
};

/// Of this program: getrusage(2) would answer for what the process was before execve(2) too.
std::uint64_t largest_memory() {
    constexpr std::string_view field = "VmHWM:";
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field))
            return std::strtoull(line.c_str() + field.size(), nullptr, 10) * 1024;
    }
    return 0;
}

ProcessUsage process_usage() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return {ms(usage.ru_utime) + ms(usage.ru_stime), largest_memory()};
}

double mebibytes(std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1 << 20);
}

} // namespace

std::string stats_text(const RunStats& stats) {
    const auto process = process_usage();
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("ecc-run: {:<8} {}\n", name, value);
    };
    line("compile",
         fmt::format("{:.1f} ms{}", milliseconds(stats.compile), stats.from_cache ? " (cached)" : ""));
    line("load", fmt::format("{:.1f} ms, {} programs", milliseconds(stats.load), stats.programs));
    line("attach", fmt::format("{:.1f} ms, {} links", milliseconds(stats.attach), stats.links));
    line("run", fmt::format("{:.1f} ms", milliseconds(stats.run)));
    line("cpu", fmt::format("{:.1f} ms", process.cpu_ms));
    line("records", fmt::format("{}, {} bytes", stats.records, stats.record_bytes));
    line("lost", std::to_string(stats.lost));
    line("memory", fmt::format("{:.1f} MiB resident at most, {:.1f} MiB linear", mebibytes(process.memory),
                               mebibytes(stats.linear_memory)));
    return text;
}

std::string stats_json(const RunStats& stats) {
    const auto process = process_usage();
    const nlohmann::ordered_json json = {{"compile_ms", milliseconds(stats.compile)},
                                         {"cached", stats.from_cache},
                                         {"load_ms", milliseconds(stats.load)},
                                         {"programs", stats.programs},
                                         {"attach_ms", milliseconds(stats.attach)},
                                         {"links", stats.links},
                                         {"run_ms", milliseconds(stats.run)},
                                         {"cpu_ms", process.cpu_ms},
                                         {"records", stats.records},
                                         {"record_bytes", stats.record_bytes},
                                         {"lost", stats.lost},
                                         {"resident_bytes", process.memory},
                                         {"linear_bytes", stats.linear_memory}};
    return json.dump() + "\n";
}

} // namespace ecc
