#include "runtime-min/resource_hint.h"

#include "runtime-min/capabilities.h"
#include "support/system_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <unistd.h>

namespace ecc {

namespace {

struct Hint {
    int error;
    std::string_view text;
};

/// What is not as it is for a file that is read or written.
constexpr std::array hints{
    Hint{EMFILE, "a higher limit of open files (ulimit -n 1024), and of --limit files if that is given"},
    Hint{EAGAIN, "a higher limit of processes (ulimit -u, or pids.max of the cgroup)"},
    Hint{ENOMEM,
         "more memory: ulimit -v, memory.max of the cgroup, or for maps on kernels before 5.11 ulimit -l"},
};

} // namespace

std::string resource_hint(int error) {
    const auto found = std::ranges::find(hints, error, &Hint::error);
    if (found != hints.end())
        return std::string(found->text);
    const bool of_files = error == ENFILE || error == EFBIG || error == ENOSPC || error == EDQUOT;
    return of_files ? hint_for(error, FileUse::writing) : "";
}

std::string root_hint(std::string hint) {
    constexpr std::string_view as_root = "running ecc-run as root";
    if (hint.starts_with(as_root) && ::geteuid() == 0 && in_user_namespace())
        hint.insert(as_root.size(), " outside of this user namespace");
    return hint;
}

} // namespace ecc
