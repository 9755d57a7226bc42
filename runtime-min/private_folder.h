// A folder whose contents may be trusted as much as the process itself: only its effective user can write it.
// Caches live in such folders, because whoever can write the compiled code of a guest runs native code with
// the rights of ecc-run.
//
// In: a path, names of entries, bytes. Out: the bytes of an entry, or nothing. An entry ends with a digest of
// its name and bytes, so that one that was cut off, damaged or put under another name counts as absent.
#pragma once

#include "runtime-min/file_descriptor.h"
#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>
#include <optional>
#include <string>

namespace ecc {

class PrivateFolder {
public:
    /// No folder holds more entries: the oldest go.
    static constexpr std::size_t entry_limit = 256;
    /// No entry is longer.
    static constexpr std::size_t size_limit = 256u << 20;

    /// Opens the folder, which must belong to the effective user, be no symbolic link (with a '/' behind it
    /// neither), and be closed to everybody else (0700); makes it, and its parents, if it is not there. An
    /// input error if it is another's or open to others, an environment error if it cannot be had.
    static Result<PrivateFolder> open(const std::filesystem::path& named);

    /// Nothing if there is no such entry, or it is no ordinary file of ours that is whole.
    std::optional<Bytes> read(const std::string& name) const;
    /// Puts an entry in place at once and whole, whoever else does so meanwhile.
    Result<> write(const std::string& name, ByteView bytes) const;

    /// An empty file that this process holds until it ends, however it does; nothing if another process holds
    /// it.
    Result<std::optional<FileDescriptor>> lock(const std::string& name) const;

private:
    PrivateFolder(std::filesystem::path path, FileDescriptor fd)
        : path_(std::move(path)), fd_(std::move(fd)) {}
    Result<> write_file(const std::string& name, ByteView bytes, const std::string& digest) const;
    void drop_oldest() const;

    std::filesystem::path path_;
    FileDescriptor fd_;
};

/// Where ecc-run keeps its caches: /var/cache/ecc for root, else .cache/ecc in the effective user's home as
/// the user database has it. The environment does not count, which sudo may have kept from its caller.
std::optional<std::filesystem::path> default_cache_folder();

} // namespace ecc
