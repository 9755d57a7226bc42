// Handing a package over to ecc-run, which is a program of its own.
#pragma once

#include "packager/oci/blob_source.h"

namespace ecc {

/// The program ecc-run in the folder of the running executable; an environment error if it is not there.
Result<std::filesystem::path> find_runner();

/// A file of this process alone, without a name, whose bytes nobody can change. Stays open across execve.
class PrivateFile {
public:
    static Result<PrivateFile> from(const Producer& produce);
    static Result<PrivateFile> of(std::string_view text);
    PrivateFile(PrivateFile&& other) noexcept;
    PrivateFile& operator=(PrivateFile&&) = delete;
    ~PrivateFile();
    std::string path() const; ///< /proc/self/fd/N

private:
    explicit PrivateFile(int fd) : fd_(fd) {}
    int fd_;
};

/// Replaces this process; returns only if that fails.
Error become(const std::filesystem::path& program, const std::vector<std::string>& arguments);

} // namespace ecc
