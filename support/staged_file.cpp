#include "support/staged_file.h"

#include "support/descriptor_io.h"
#include "support/system_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr int max_names = 1000;
constexpr int max_links = 40; // as the kernel's

/// Of the file that is replaced, if it is the caller's own: nobody else's decides who may change the new one.
mode_t mode_for(const fs::path& target) {
    struct stat old = {};
    if (::lstat(target.c_str(), &old) == 0 && S_ISREG(old.st_mode) && old.st_uid == ::geteuid())
        return old.st_mode & 0777;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

std::unexpected<Error> cannot(const char* doing, const std::string& where, int number = errno) {
    return system_error(where, doing, number, FileUse::writing);
}

/// Only links that the kernel would follow as well: not those that somebody else put into /tmp
/// (protected_symlinks in proc_sys_fs(5)).
Result<fs::path> follow_links(const fs::path& path) {
    const int probe = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (probe < 0 && errno != ENOENT)
        return cannot("create", path.string());
    if (probe >= 0)
        ::close(probe);
    std::error_code ignored;
    fs::path target = path;
    for (int links = 0; links < max_links && fs::is_symlink(target, ignored); ++links)
        target = target.parent_path() / fs::read_symlink(target, ignored);
    return target;
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
    auto [fd, name] = open_temporary(target);
    if (fd < 0)
        return cannot("create", target.string());
    StagedFile file(target, std::move(name), fd);
    if (::fchmod(fd, mode < 0 ? mode_for(target) : static_cast<mode_t>(mode)) != 0)
        return cannot("set the mode of", target.string());
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
    return cannot("create", target_.string());
}

Result<void> StagedFile::commit() {
    if (temporary_.empty())
        ECC_CHECK(give_name());
    if (::rename(temporary_.c_str(), target_.c_str()) != 0)
        return cannot("create", target_.string());
    temporary_.clear();
    return {};
}

bool is_standard_output(const fs::path& path) {
    return path == "-" || path == "/dev/stdout";
}

Result<std::optional<fs::path>> staged_target(const fs::path& path) {
    if (is_standard_output(path))
        return std::nullopt;
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    if (fs::is_directory(status))
        return input_error(path.string(), "is a folder", "name a file in it");
    if (fs::exists(status) && !fs::is_regular_file(status))
        return std::nullopt;
    return follow_links(path);
}

TemporaryFile open_temporary(const fs::path& path) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); fd >= 0)
        return {fd, {}};
    std::string name = path.string() + ".XXXXXX";
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    return {fd, fd < 0 ? "" : std::move(name)};
}

Result<void> write_to(int fd, ByteView bytes, const std::string& where) {
    if (!write_all(fd, bytes))
        return cannot("write", where);
    return {};
}

} // namespace ecc
