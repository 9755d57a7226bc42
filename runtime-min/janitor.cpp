#include "runtime-min/janitor.h"

#include "runtime-min/capabilities.h"
#include "runtime-min/classic_tc.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ecc {

namespace {

struct Message {
    bool remember = false;
    TcPlace place;
};

bool same_place(const TcPlace& a, const TcPlace& b) {
    return a.ifindex == b.ifindex && a.hook == b.hook && a.handle == b.handle && a.priority == b.priority;
}

/// The child's only descriptor.
constexpr int pipe_fd = 0;

bool settle(int pipe) {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    ::prctl(PR_SET_NAME, "ecc-run-janitor");
    return ::setsid() >= 0 && ::dup2(pipe, pipe_fd) == pipe_fd &&
           ::syscall(SYS_close_range, pipe_fd + 1, ~0U, 0) == 0 &&
           drop_capabilities(capability_bit(CAP_NET_ADMIN));
}

std::vector<TcPlace> listen() {
    std::vector<TcPlace> places;
    Message message;
    for (;;) {
        const auto count = ::read(pipe_fd, &message, sizeof message);
        if (count < 0 && errno == EINTR)
            continue;
        // Messages are shorter than PIPE_BUF: they come whole.
        if (count != sizeof message)
            return places;
        std::erase_if(places, [&](const TcPlace& place) { return same_place(place, message.place); });
        if (message.remember)
            places.push_back(message.place);
    }
}

[[noreturn]] void serve(int pipe) {
    if (settle(pipe))
        std::ranges::for_each(listen(), remove_filter);
    ::_exit(0);
}

} // namespace

Result<Janitor> Janitor::start() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return environment_error("", "cannot make a pipe: " + errno_text(errno), resource_hint(errno));
    const FileDescriptor reader(ends[0]);
    FileDescriptor writer(ends[1]);
    const pid_t child = ::fork();
    if (child < 0)
        return environment_error("", "cannot start the process that cleans up: " + errno_text(errno),
                                 resource_hint(errno));
    if (child == 0)
        serve(reader.get());
    return Janitor(std::move(writer), child);
}

Janitor::~Janitor() {
    if (child_ < 0)
        return;
    pipe_ = FileDescriptor();
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Janitor::tell(bool remember, const TcPlace& place) const {
    const Message message{remember, place};
    [[maybe_unused]] const auto written = ::write(pipe_.get(), &message, sizeof message);
}

} // namespace ecc
