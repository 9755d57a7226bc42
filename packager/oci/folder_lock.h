// Keeps other writers out of a folder while a file in it is read, changed and replaced (flock(2)).
#pragma once

#include "support/result.h"

#include <filesystem>

namespace ecc {

class FolderLock {
public:
    /// Waits for its turn. `where` names the folder in errors.
    static Result<FolderLock> take(const std::filesystem::path& folder, const std::string& where);
    FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : fd_(fd) {}
    int fd_;
};

} // namespace ecc
