// The guest's standard output and error, written straight to the descriptors of this process. A reader that
// has gone away ends the guest as SIGPIPE ends any program; one that is slow only slows it down.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/signals.h"

#include <array>
#include <span>
#include <sys/uio.h>

namespace ecc {

class StandardOutput {
public:
    /// `limit` is in bytes, of both together.
    StandardOutput(Signals& signals, std::uint64_t limit) : signals_(signals), left_(limit) {}

    /// True for 1 and 2, until the guest closes them or puts something else in their place.
    bool has(std::uint32_t fd) const { return fd < open_.size() && open_[fd]; }
    void forget(std::uint32_t fd);

    /// True once the guest has tried to write more than its limit. Nothing is written then.
    bool exhausted() const { return exhausted_; }

    /// Bytes written, at least one if there were any, or the negated errno. With -EPIPE a SIGPIPE is pending
    /// for the guest, or the guest is to end. -EFBIG: it would be more than the limit.
    OrErrno<std::size_t> write(std::uint32_t fd, std::span<const iovec> parts);

private:
    bool take(std::span<const iovec> parts);

    Signals& signals_;
    std::uint64_t left_;
    bool exhausted_ = false;
    std::array<bool, 3> open_{false, true, true};
};

} // namespace ecc
