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
    explicit StandardOutput(Signals& signals) : signals_(signals) {}

    /// True for 1 and 2, until the guest closes them or puts something else in their place.
    bool has(std::uint32_t fd) const { return fd < open_.size() && open_[fd]; }
    void forget(std::uint32_t fd);

    /// Bytes written, at least one if there were any, or the negated errno. With -EPIPE a SIGPIPE is pending
    /// for the guest, or the guest is to end.
    OrErrno<std::size_t> write(std::uint32_t fd, std::span<const iovec> parts);

private:
    Signals& signals_;
    std::array<bool, 3> open_{false, true, true};
};

} // namespace ecc
