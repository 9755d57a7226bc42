#include "compiler/memory_file.h"

#include "support/files.h"
#include "support/staged_file.h"

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
    ECC_CHECK(write_to(file.descriptor_, content, name + " in memory"));
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
