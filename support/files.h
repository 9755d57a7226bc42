// Files: whole reads with a bound, and writes that leave either the old file or the complete new one.
#pragma once

#include "support/bytes.h"
#include "support/result.h"
#include "support/signal_removal.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace ecc {

inline constexpr std::size_t default_file_limit = 256u << 20;

/// The whole file, at most `limit` bytes. "-" is standard input.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit = default_file_limit);

/// Writes through a StagedFile (staged_file.h), so that a reader never sees half a file, or into the device
/// or pipe that `path` is. "-" is standard output.
Result<void> write_file(const std::filesystem::path& path, ByteView bytes);

/// A new folder under $TMPDIR that is removed with everything in it when the object goes, or a signal ends
/// the program.
class TempDir {
public:
    static Result<TempDir> make();
    TempDir(TempDir&& other) noexcept;
    TempDir& operator=(TempDir&&) = delete;
    ~TempDir();
    const std::filesystem::path& path() const { return path_; }

private:
    explicit TempDir(std::filesystem::path path)
        : path_(std::move(path)), removal_(std::make_unique<SignalRemoval>(path_)) {}
    std::filesystem::path path_;
    std::unique_ptr<SignalRemoval> removal_;
};

/// The text of an errno number, as strerror(3), without shared state.
std::string errno_text(int number);

} // namespace ecc
