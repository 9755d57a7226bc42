#include "compiler/commands/runner.h"

#include "support/files.h"
#include "support/staged_file.h"
#include "support/write_signals.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ecc {

namespace fs = std::filesystem;

Result<fs::path> find_runner() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error)
        return environment_error("/proc/self/exe", fmt::format("cannot be read: {}", error.message()),
                                 "mount /proc, or start ecc-run yourself");
    fs::path runner = self.parent_path() / "ecc-run";
    if (::access(runner.c_str(), X_OK) != 0)
        return environment_error(runner.string(), fmt::format("cannot be executed: {}", errno_text(errno)),
                                 "install ecc-run beside ecc");
    return runner;
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

PrivateFile::~PrivateFile() {
    if (fd_ >= 0)
        ::close(fd_);
}

std::string PrivateFile::path() const {
    return fmt::format("/proc/self/fd/{}", fd_);
}

Result<PrivateFile> PrivateFile::of(std::string_view text) {
    return from([&](const Sink& sink) { return sink(as_bytes(text)); });
}

Result<PrivateFile> PrivateFile::from(const Producer& produce) {
    int fd = ::memfd_create("ecc-package", MFD_ALLOW_SEALING);
    if (fd < 0)
        return environment_error("memfd_create", errno_text(errno));
    PrivateFile file(fd);
    ECC_CHECK(produce([&](ByteView bytes) { return write_to(fd, bytes, "memfd"); }));
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return environment_error("memfd", errno_text(errno));
    return file;
}

Error become(const fs::path& program, const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    for (const int number : write_signals)
        std::signal(number, SIG_DFL);
    ::execv(program.c_str(), argv.data());
    return {
        Fault::environment, program.string(), fmt::format("cannot be started: {}", errno_text(errno)), {}};
}

} // namespace ecc
