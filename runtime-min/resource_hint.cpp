#include "runtime-min/resource_hint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace ecc {

namespace {

struct Hint {
    int error;
    std::string_view text;
};

constexpr std::array hints{
    Hint{EMFILE, "a higher limit of open files (ulimit -n 1024), and of --limit files if that is given"},
    Hint{ENFILE, "fewer open files on this machine, or a higher /proc/sys/fs/file-max"},
    Hint{EAGAIN, "a higher limit of processes (ulimit -u, or pids.max of the cgroup)"},
    Hint{ENOMEM,
         "more memory: ulimit -v, memory.max of the cgroup, or for maps on kernels before 5.11 ulimit -l"},
};

} // namespace

std::string resource_hint(int error) {
    const auto found = std::ranges::find(hints, error, &Hint::error);
    return found == hints.end() ? "" : std::string(found->text);
}

} // namespace ecc
