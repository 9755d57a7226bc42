#include "packager/oci/folder_lock.h"

#include "support/files.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace ecc {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds between_attempts{20};

/// 0, or an errno number: EWOULDBLOCK if somebody else has the lock all the time.
int lock_within(int fd, milliseconds limit, const std::function<void()>& is_long) {
    const auto begin = steady_clock::now();
    for (bool told = false; ::flock(fd, LOCK_EX | LOCK_NB) != 0;) {
        const auto waited = steady_clock::now() - begin;
        if ((errno != EWOULDBLOCK && errno != EINTR) || waited >= limit)
            return errno;
        if (!told && waited >= limit / 10) {
            told = true;
            is_long();
        }
        std::this_thread::sleep_for(between_attempts);
    }
    return 0;
}

} // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder, const std::string& where,
                                    const Notice& notice, milliseconds limit) {
    const auto cannot = [&](int number) {
        return environment_error(
            where, fmt::format("cannot lock the folder {}: {}", folder.string(), errno_text(number)));
    };
    FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.fd_ < 0)
        return cannot(errno);
    const int number = lock_within(lock.fd_, limit, [&] {
        if (notice)
            notice(fmt::format("waiting for another program that has locked the folder {}", folder.string()));
    });
    if (number == EWOULDBLOCK)
        return environment_error(
            where,
            fmt::format("another program keeps the folder {} locked; waited {} s", folder.string(),
                        std::chrono::ceil<std::chrono::seconds>(limit).count()),
            "try again when it is done (lslocks shows which it is), or name a place in a folder of your own");
    if (number != 0)
        return cannot(number);
    return lock;
}

FolderLock::~FolderLock() {
    if (fd_ >= 0)
        ::close(fd_);
}

} // namespace ecc
