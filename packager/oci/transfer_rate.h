// How fast a transfer goes, and how people are told. In: how many bytes are done at which time. Out: bytes
// per second, smoothed so that the time left does not jump.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ecc {

class TransferRate {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit TransferRate(Time start) : last_(start) {}

    /// Bytes per second. Fewer bytes than before mean that a part is sent again, or that the next transfer
    /// began.
    double update(Time now, std::uint64_t done);

private:
    Time last_;
    std::uint64_t done_ = 0;
    double rate_ = 0;
    double known_ = 0; ///< how much of the smoothing's memory is filled, 0 to 1
};

/// "12.3 of 100.0 MB, 4.5 MB/s, 0:20 left"; without the time as long as nobody knows it.
std::string transfer_text(std::uint64_t done, std::uint64_t total, double bytes_per_second);

} // namespace ecc
