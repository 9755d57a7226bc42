// A file without a name in any folder, for libraries that take files but not memory.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>

namespace ecc {

class MemoryFile {
public:
    /// `name` only shows in /proc.
    static Result<MemoryFile> make(const std::string& name, ByteView content);
    MemoryFile(MemoryFile&& other) noexcept;
    MemoryFile& operator=(MemoryFile&&) = delete;
    ~MemoryFile();

    int descriptor() const { return descriptor_; }
    /// A path by which this process can open it.
    std::filesystem::path path() const;
    Result<Bytes> read() const;

private:
    explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

} // namespace ecc
