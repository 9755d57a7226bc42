#include "packager/oci/folder_lock.h"

#include "support/files.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace ecc {

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder, const std::string& where) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || ::flock(fd, LOCK_EX) != 0) {
        const int number = errno;
        if (fd >= 0)
            ::close(fd);
        return environment_error(where, fmt::format("cannot lock the folder: {}", errno_text(number)));
    }
    return FolderLock(fd);
}

FolderLock::~FolderLock() {
    if (fd_ >= 0)
        ::close(fd_);
}

} // namespace ecc
