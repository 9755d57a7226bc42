#include "compiler/memory_file.h"

#include "support/files.h"

#include <cerrno>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace ecc {

Result<MemoryFile> MemoryFile::make(const std::string& name, ByteView content) {
    MemoryFile file(::memfd_create(name.substr(0, 200).c_str(), MFD_CLOEXEC));
    if (file.descriptor_ < 0)
        return environment_error(name, "cannot make a file in memory: " + errno_text(errno));
    while (!content.empty()) {
        const ssize_t written = ::write(file.descriptor_, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return environment_error(name, "cannot write a file in memory: " + errno_text(errno));
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return file;
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

MemoryFile::~MemoryFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

std::filesystem::path MemoryFile::path() const {
    return fmt::format("/proc/self/fd/{}", descriptor_);
}

Result<Bytes> MemoryFile::read() const {
    return read_file(path());
}

} // namespace ecc
