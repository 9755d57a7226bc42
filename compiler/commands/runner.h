// Handing a package over to ecc-run, which is a program of its own.
#pragma once

#include "compiler/commands/package_source.h"

namespace ecc {

/// The program ecc-run in the folder of the running executable; an environment error if it is not there.
Result<std::filesystem::path> find_runner();

/// A file of this process alone, without a name, whose bytes nobody can change. Stays open across execve.
class PrivateFile {
public:
    /// With an artifact's bytes.
    static Result<PrivateFile> download(const OpenArtifact& artifact);
    static Result<PrivateFile> of(std::string_view text);
    PrivateFile(PrivateFile&& other) noexcept;
    PrivateFile& operator=(PrivateFile&&) = delete;
    ~PrivateFile();
    std::string path() const; ///< /proc/self/fd/N

private:
    using Fill = std::function<Result<void>(int fd)>;
    static Result<PrivateFile> make(const Fill& fill);
    explicit PrivateFile(int fd) : fd_(fd) {}
    int fd_;
};

/// Replaces this process; returns only if that fails.
Error become(const std::filesystem::path& program, const std::vector<std::string>& arguments);

} // namespace ecc
