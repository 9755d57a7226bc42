#include "packager/oci/blob_source.h"

#include "support/digest.h"
#include "support/files.h"
#include "support/staged_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr std::size_t piece = 256u << 10;
constexpr std::size_t max_in_memory = 1u << 20;

} // namespace

Result<void> discard(ByteView) {
    return {};
}

Sink append_to(Bytes& content) {
    return [&content](ByteView bytes) -> Result<void> {
        content.insert(content.end(), bytes.begin(), bytes.end());
        return {};
    };
}

Result<std::size_t> MemorySource::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
    if (offset >= bytes_.size())
        return 0;
    const ByteView rest = bytes_.subspan(offset);
    const std::size_t count = std::min(rest.size(), into.size());
    std::ranges::copy(rest.first(count), into.begin());
    return count;
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return input_error(path.string(), "cannot open the file: " + errno_text(errno));
    struct stat status = {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(fd);
        return input_error(path.string(), "is not a regular file");
    }
    return std::make_unique<FileSource>(fd, static_cast<std::uint64_t>(status.st_size), path.string());
}

FileSource::FileSource(int fd, std::uint64_t size, std::string where)
    : fd_(fd), size_(size), where_(std::move(where)) {}

FileSource::~FileSource() {
    ::close(fd_);
}

Result<std::size_t> FileSource::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
    std::size_t done = 0;
    while (done < into.size() && offset + done < size_) {
        const std::size_t wanted = std::min<std::uint64_t>(into.size() - done, size_ - offset - done);
        const ssize_t n = ::pread(fd_, into.data() + done, wanted, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return environment_error(where_, "cannot read: " + errno_text(errno));
        if (n == 0)
            return input_error(where_, "became shorter while it was read");
        done += static_cast<std::size_t>(n);
    }
    return done;
}

Result<void> pour(const BlobSource& source, const Sink& sink) {
    Bytes buffer(std::min<std::uint64_t>(piece, std::max<std::uint64_t>(source.size(), 1)));
    for (std::uint64_t offset = 0; offset < source.size();) {
        ECC_TRY(std::size_t count, source.read(offset, buffer));
        ECC_CHECK(sink(ByteView(buffer).first(count)));
        offset += count;
    }
    return {};
}

Result<Bytes> read_regular_file(const std::filesystem::path& path, std::size_t limit) {
    ECC_TRY(const auto file, FileSource::open(path));
    if (file->size() > limit)
        return input_error(path.string(),
                           fmt::format("has {} bytes; at most {} are read", file->size(), limit));
    Bytes bytes(file->size());
    ECC_CHECK(file->read(0, bytes));
    return bytes;
}

Result<Descriptor> describe(std::string_view media_type, const BlobSource& source) {
    Sha256 hash;
    ECC_CHECK(pour(source, [&](ByteView bytes) -> Result<void> {
        hash.update(bytes);
        return {};
    }));
    return Descriptor{.media_type = std::string(media_type), .digest = hash.finish(), .size = source.size()};
}

Spool::~Spool() {
    if (fd_ >= 0)
        ::close(fd_);
}

Result<void> Spool::move_to_file() {
    constexpr const char* hint = "let TMPDIR name a folder with room";
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    if (error)
        return environment_error("TMPDIR", "there is no folder for temporary files: " + error.message(),
                                 hint);
    const auto [fd, name] = open_temporary(folder / "ecc");
    fd_ = fd;
    if (fd_ < 0)
        return environment_error(folder.string(), "cannot create a temporary file: " + errno_text(errno),
                                 hint);
    if (!name.empty())
        ::unlink(name.c_str());
    ECC_CHECK(write_to(fd_, memory_, folder.string()));
    memory_ = {};
    return {};
}

Result<void> Spool::write(ByteView bytes) {
    size_ += bytes.size();
    if (fd_ < 0 && size_ > max_in_memory)
        ECC_CHECK(move_to_file());
    if (fd_ >= 0)
        return write_to(fd_, bytes, where_);
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
    return {};
}

Result<std::unique_ptr<BlobSource>> Spool::finish() {
    if (fd_ < 0)
        return std::make_unique<OwnedSource>(std::move(memory_));
    return std::make_unique<FileSource>(std::exchange(fd_, -1), size_, where_);
}

} // namespace ecc
