// A file that appears whole or not at all: written without a name, or where the file system cannot, under one beside the
// target; renamed when it is done.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>

namespace ecc {

class StagedFile {
public:
    /// The mode is 0666 less the umask, as for a file that a shell creates, unless another is given.
    static Result<StagedFile> create(const std::filesystem::path& target, int mode = -1);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile(); ///< removes the temporary file if it was not committed

    Result<void> write(ByteView bytes);
    Result<void> commit();

private:
    StagedFile(std::filesystem::path target, std::string temporary, int fd);
    Result<void> give_name();

    std::filesystem::path target_;
    std::string temporary_; ///< empty if the file has no name, or the target's
    int fd_;
};

/// Writes all bytes to a file descriptor. `where` names it in errors.
Result<void> write_to(int fd, ByteView bytes, const std::string& where);

} // namespace ecc
