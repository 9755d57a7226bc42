#include "runtime-min/standard_output.h"

#include "runtime-min/limits.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace ecc {

void StandardOutput::forget(std::uint32_t fd) {
    if (fd < open_.size())
        open_[fd] = false;
}

/// Counts what is asked for, which may be more than what is written in the end.
bool StandardOutput::take(std::span<const iovec> parts) {
    if (left_ == no_limit)
        return true;
    for (const auto& part : parts) {
        exhausted_ |= part.iov_len > left_;
        left_ -= std::min<std::uint64_t>(part.iov_len, left_);
    }
    return !exhausted_;
}

OrErrno<std::size_t> StandardOutput::write(std::uint32_t fd, std::span<const iovec> parts) {
    if (!take(parts))
        return errno_error(EFBIG);
    const Signals::Busy busy(signals_);
    const int own = static_cast<int>(fd);
    for (;;) {
        const auto count = ::writev(own, parts.data(), static_cast<int>(parts.size()));
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno == EPIPE)
            signals_.report_broken_pipe();
        if (errno != EAGAIN && errno != EINTR)
            return errno_error(errno);
        // Somebody who shares the terminal or pipe with us has made it non-blocking.
        pollfd writable{own, POLLOUT, 0};
        ::poll(&writable, 1, -1);
    }
}

} // namespace ecc
