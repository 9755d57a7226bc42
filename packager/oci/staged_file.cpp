#include "packager/oci/staged_file.h"

#include "support/system_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr int max_names = 1000;

mode_t new_file_mode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

/// Without a name, so that nothing is left of it however the process ends; -1 where the file system cannot.
int open_unnamed(const std::filesystem::path& target) {
    const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

} // namespace

StagedFile::StagedFile(std::filesystem::path target, std::string temporary, int fd)
    : target_(std::move(target)), temporary_(std::move(temporary)), fd_(fd) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

StagedFile::~StagedFile() {
    if (fd_ >= 0)
        ::close(fd_);
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

Result<StagedFile> StagedFile::create(const std::filesystem::path& target, int mode) {
    std::string temporary;
    int fd = open_unnamed(target);
    if (fd < 0) {
        temporary = target.string() + ".XXXXXX";
        fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    }
    if (fd < 0)
        return system_error(target.string(), "create", errno);
    StagedFile file(target, std::move(temporary), fd);
    if (::fchmod(fd, mode < 0 ? new_file_mode() : static_cast<mode_t>(mode)) != 0)
        return system_error(target.string(), "set the mode of", errno);
    return file;
}

Result<void> StagedFile::write(ByteView bytes) {
    return write_to(fd_, bytes, target_.string());
}

/// A link cannot replace a file, so the name is one beside the target.
Result<void> StagedFile::give_name() {
    const std::string file = "/proc/self/fd/" + std::to_string(fd_);
    for (int attempt = 0; attempt < max_names; ++attempt) {
        const std::string name =
            target_.string() + '.' + std::to_string(::getpid()) + '-' + std::to_string(attempt);
        if (::linkat(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
            temporary_ = name;
            return {};
        }
        if (errno != EEXIST)
            break;
    }
    return system_error(target_.string(), "create", errno);
}

Result<void> StagedFile::commit() {
    if (temporary_.empty())
        ECC_CHECK(give_name());
    if (::rename(temporary_.c_str(), target_.c_str()) != 0)
        return system_error(target_.string(), "create", errno);
    temporary_.clear();
    return {};
}

Result<void> write_to(int fd, ByteView bytes, const std::string& where) {
    while (!bytes.empty()) {
        ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_error(where, "write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

} // namespace ecc
