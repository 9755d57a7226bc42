// What the kernel leaves attached when a process ends, however it ends: a classic tc filter. A child process
// knows of each and removes them when this process is gone, also by SIGKILL.
//
// The child has CAP_NET_ADMIN, a session of its own and nothing open but its end of a pipe. It notices the
// end of this process by the pipe's.
#pragma once

#include "runtime-min/file_descriptor.h"
#include "support/result.h"

#include <sys/types.h>
#include <utility>

namespace ecc {

struct TcPlace;

class Janitor {
public:
    /// Forks: call it before there are threads.
    static Result<Janitor> start();

    Janitor(Janitor&& other) noexcept
        : pipe_(std::move(other.pipe_)), child_(std::exchange(other.child_, -1)) {}
    Janitor& operator=(Janitor&&) = delete;
    /// Waits until the child is through.
    ~Janitor();

    /// To be removed at the end; say so before it is there.
    void remember(const TcPlace& place) { tell(true, place); }
    void forget(const TcPlace& place) { tell(false, place); }

private:
    Janitor(FileDescriptor pipe, pid_t child) : pipe_(std::move(pipe)), child_(child) {}
    void tell(bool remember, const TcPlace& place) const;

    FileDescriptor pipe_;
    pid_t child_ = -1;
};

} // namespace ecc
