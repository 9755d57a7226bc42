#include "support/system_error.h"

#include "support/files.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

namespace ecc {
namespace {

struct Meaning {
    int number; ///< errno
    Fault fault;
    const char *reading, *writing; ///< what to try
};
constexpr const char* other_disk = "a file on another disk, or the same after a look at dmesg";
constexpr const char* open_files = "a higher limit on open files: ulimit -n";
constexpr const char* all_files = "fewer open files on this machine, or a higher /proc/sys/fs/file-max";
constexpr const char* stream = "the command without closing its standard streams";

constexpr Meaning meanings[] = {
    {ENOENT, Fault::input, "a file that is there", "make its folder first, or name a file in another one"},
    {ENOTDIR, Fault::input, "a name whose folders are folders", "a name whose folders are folders"},
    {EISDIR, Fault::input, "name a file in it", "name a file in it"},
    {ELOOP, Fault::input, "what its links were meant to lead to", "a name that is no link"},
    {ENAMETOOLONG, Fault::input, "a shorter name", "a shorter name"},
    {EACCES, Fault::environment, "a file and folders that you may read: chmod +r, or as their owner",
     "a folder in which you may write"},
    {EPERM, Fault::environment, "a file that you may read", "a folder in which you may write"},
    {EROFS, Fault::environment, "", "a folder on another file system"},
    {ENOSPC, Fault::environment, "", "make room on that file system, or name a file on another one"},
    {EDQUOT, Fault::environment, "", "make room in your quota, or name a file on another file system"},
    {EFBIG, Fault::environment, "", "a higher limit on the size of files: ulimit -f"},
    {EIO, Fault::environment, other_disk, other_disk},
    {EMFILE, Fault::environment, open_files, open_files},
    {ENFILE, Fault::environment, all_files, all_files},
    {EPIPE, Fault::environment, "", ""},
    {EBADF, Fault::environment, stream, stream}, // a standard stream that the parent had closed
};

} // namespace

std::unexpected<Error> system_error(const std::string& where, const char* doing, int number, FileUse use) {
    Error error{Fault::input, where, fmt::format("cannot {}: {}", doing, errno_text(number)), {}};
    const auto* meaning = std::ranges::find(meanings, number, &Meaning::number);
    if (meaning != std::end(meanings)) {
        error.fault = meaning->fault;
        error.hint = hint_for(number, use);
    }
    return std::unexpected(std::move(error));
}

std::string hint_for(int number, FileUse use) {
    const auto* meaning = std::ranges::find(meanings, number, &Meaning::number);
    if (meaning == std::end(meanings))
        return {};
    return use == FileUse::reading ? meaning->reading : meaning->writing;
}

} // namespace ecc
