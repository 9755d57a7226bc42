// How far and how fast a transfer is, on standard error, and only if that is a terminal that can wipe a line
// (not with TERM=dumb). No colour, so NO_COLOR changes nothing.
#pragma once

#include "packager/oci/store.h"
#include "packager/oci/transfer_rate.h"

#include <chrono>

namespace ecc {

class TransferProgress {
public:
    /// `label` starts the line: "pulling localhost:5000/t/opensnoop:1".
    explicit TransferProgress(std::string label);
    TransferProgress(const TransferProgress&) = delete;
    TransferProgress& operator=(const TransferProgress&) = delete;
    ~TransferProgress(); ///< wipes the line

    /// Empty if nobody watches. Must not outlive this object.
    Progress callback();

private:
    void show(std::uint64_t done, std::uint64_t total);

    std::string label_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point next_;
    TransferRate rate_;
};

/// What `transfer` returns, given a callback whose line is there for that long: what is printed afterwards
/// begins on an empty one.
auto with_progress(std::string label, auto transfer) {
    TransferProgress progress(std::move(label));
    return transfer(progress.callback());
}

} // namespace ecc
