// Keeps other writers out of a folder while a file in it is read, changed and replaced (flock(2)). Whoever
// may read a folder may lock it, so that nobody waits for ever.
#pragma once

#include "packager/oci/store.h"

#include <chrono>

namespace ecc {

class FolderLock {
public:
    static constexpr std::chrono::seconds longest_wait{30};

    /// Waits for its turn; `notice` is told when that takes a tenth of the time that it may take. An
    /// environment error that begins with `where` if it takes longer.
    static Result<FolderLock> take(const std::filesystem::path& folder, const std::string& where,
                                   const Notice& notice = {}, std::chrono::milliseconds limit = longest_wait);
    FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : fd_(fd) {}
    int fd_;
};

} // namespace ecc
