// A file that appears whole or not at all: written without a name, or where the file system cannot, under one
// beside the target; renamed when it is done. Whatever stands in the way of writing is an error of the
// environment.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>
#include <optional>

namespace ecc {

class StagedFile {
public:
    /// The mode is, unless one is given, that of the caller's own file that it replaces; else 0666 less the
    /// umask, as for a file that a shell creates.
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

bool is_standard_output(const std::filesystem::path& path);

/// Where a file called `path` is to be staged: there, or where a link leads even if nothing is there yet.
/// Nothing for standard output, devices and pipes, onto which nothing can be renamed. An input error for a
/// folder.
Result<std::optional<std::filesystem::path>> staged_target(const std::filesystem::path& path);

/// A new file for reading and writing, of mode 0600.
struct TemporaryFile {
    int fd;           ///< the caller's to close; -1 if there is none, with the reason in errno
    std::string name; ///< the caller's to remove; empty if it has none
};

/// In the folder of `path`: without a name, so that nothing is left of it however the process ends, or where
/// the file system cannot (older kernels' overlayfs, NFS), with one that begins with `path`.
TemporaryFile open_temporary(const std::filesystem::path& path);

/// Writes all bytes to a file descriptor. `where` names it in errors.
Result<void> write_to(int fd, ByteView bytes, const std::string& where);

} // namespace ecc
