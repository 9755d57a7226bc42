// Content on its way into a store, readable again from any offset, so that an upload that broke off may go on
// where the registry says.
#pragma once

#include "packager/oci/descriptor.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace ecc {

/// Takes the next bytes of a blob; an error ends the transfer and is what the caller gets.
using Sink = std::function<Result<void>(ByteView)>;

/// The sink that takes nothing.
Result<void> discard(ByteView bytes);

/// The sink that appends to `content`, which must outlive it.
Sink append_to(Bytes& content);

/// Gives all bytes of a blob to the sink, once.
using Producer = std::function<Result<void>(const Sink&)>;

/// Told how many bytes of how many have been moved.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

class BlobSource {
public:
    virtual ~BlobSource() = default;
    virtual std::uint64_t size() const = 0;
    /// Fills `into` with what starts at `offset`; fewer bytes only at the end. May be called from any thread.
    virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) const = 0;
};

/// Bytes that somebody else keeps.
class MemorySource final : public BlobSource {
public:
    explicit MemorySource(ByteView bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) const override;

private:
    ByteView bytes_;
};

/// Bytes of its own.
class OwnedSource final : public BlobSource {
public:
    explicit OwnedSource(Bytes bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        return MemorySource(bytes_).read(offset, into);
    }

private:
    Bytes bytes_;
};

/// An open file.
class FileSource final : public BlobSource {
public:
    /// An input error if there is no such regular file.
    static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path);
    /// Takes the file descriptor over.
    FileSource(int fd, std::uint64_t size, std::string where);
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    ~FileSource() override;
    std::uint64_t size() const override { return size_; }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) const override;

private:
    int fd_;
    std::uint64_t size_;
    std::string where_;
};

/// All of it, piece by piece.
Result<void> pour(const BlobSource& source, const Sink& sink);

/// The whole of a file of at most `limit` bytes. An input error if it is no regular file: anything else could
/// keep the reader waiting.
Result<Bytes> read_regular_file(const std::filesystem::path& path, std::size_t limit);

/// Descriptor of the content; it is read once.
Result<Descriptor> describe(std::string_view media_type, const BlobSource& source);

/// What is written to it can be read back: in memory while it is small, in a file under $TMPDIR beyond, of
/// which no name is left.
class Spool {
public:
    explicit Spool(std::string where) : where_(std::move(where)) {}
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    ~Spool();
    Result<void> write(ByteView bytes);
    Result<std::unique_ptr<BlobSource>> finish();

private:
    Result<void> move_to_file();

    std::string where_;
    Bytes memory_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace ecc
