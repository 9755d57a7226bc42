// The progress of several transfers as that of one.
#pragma once

#include "packager/oci/blob_source.h"

#include <mutex>

namespace ecc {

class JointProgress {
public:
    /// `progress` must outlive it, and may be empty.
    JointProgress(std::uint64_t total, const Progress& progress) : progress_(progress), total_(total) {}

    /// For one transfer; must not outlive this object.
    Progress part() {
        if (!progress_)
            return {};
        return [this, before = std::uint64_t{0}](std::uint64_t done, std::uint64_t) mutable {
            std::lock_guard lock(mutex_);
            done_ += done - before; // wraps when an upload goes back
            before = done;
            progress_(done_, total_);
        };
    }

    void skip(std::uint64_t size) {
        if (Progress progress = part())
            progress(size, size);
    }

private:
    const Progress& progress_;
    std::mutex mutex_;
    std::uint64_t done_ = 0;
    std::uint64_t total_;
};

} // namespace ecc
