#include "compiler/collecting_pipe.h"

#include "support/files.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace ecc {
namespace {

/// Everything up to the end; closes `fd`.
Bytes drain(int fd) {
    Bytes bytes;
    std::array<std::uint8_t, 1 << 16> piece;
    for (;;) {
        const ssize_t count = ::read(fd, piece.data(), piece.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + count);
    }
    ::close(fd);
    return bytes;
}

} // namespace

Result<CollectingPipe> CollectingPipe::make(const std::string& name) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return environment_error(name, "cannot make a pipe: " + errno_text(errno));
    return CollectingPipe(ends[1], std::async(std::launch::async, drain, ends[0]));
}

CollectingPipe::CollectingPipe(int write_end, std::future<Bytes> content)
    : write_end_(write_end), content_(std::move(content)) {}

CollectingPipe::CollectingPipe(CollectingPipe&& other) noexcept
    : write_end_(std::exchange(other.write_end_, -1)), content_(std::move(other.content_)) {}

CollectingPipe::~CollectingPipe() {
    if (write_end_ >= 0)
        ::close(write_end_); // the future's own destructor waits for the reader
}

std::filesystem::path CollectingPipe::path() const {
    return fmt::format("/proc/self/fd/{}", write_end_);
}

Bytes CollectingPipe::finish() {
    ::close(std::exchange(write_end_, -1));
    return content_.get();
}

} // namespace ecc
