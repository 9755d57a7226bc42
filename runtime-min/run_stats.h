// What a run took: for --stats.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ecc {

struct RunStats {
    using Duration = std::chrono::nanoseconds;

    bool counts_records = false; ///< counting takes a look at every record, so only on request
    bool from_cache = false;     ///< the compiled code was there
    Duration compile{};
    Duration load{};                       ///< of BPF objects, all together
    Duration attach{};                     ///< all together
    Duration run{};                        ///< of the guest, the two before included
    std::uint64_t programs = 0, links = 0; ///< loaded and attached, as often as it was done
    std::uint64_t records = 0, record_bytes = 0;
    std::uint64_t lost =
        0; ///< of perf buffers; a ring buffer's program knows itself what it could not reserve
    std::uint64_t linear_memory = 0; ///< bytes at the end

    void add(std::uint64_t bytes, std::uint64_t lost_before) {
        ++records;
        record_bytes += bytes;
        lost += lost_before;
    }
};

/// Adds the time until it goes to one of them.
class Timer {
public:
    explicit Timer(RunStats::Duration& sum) : sum_(sum) {}
    ~Timer() { sum_ += std::chrono::steady_clock::now() - start_; }
    Timer(const Timer&) = delete;

private:
    RunStats::Duration& sum_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// A line for each; with the process' CPU time and largest memory.
std::string stats_text(const RunStats& stats);
/// One line of JSON: times in milliseconds, sizes in bytes.
std::string stats_json(const RunStats& stats);

} // namespace ecc
