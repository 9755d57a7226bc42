#include "runtime-min/private_folder.h"

#include "support/descriptor_io.h"
#include "support/digest.h"
#include "support/files.h"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <vector>

namespace ecc {

namespace {

constexpr std::string_view temporary_prefix = ".new-";
constexpr time_t temporary_lifetime = 3600;
constexpr mode_t others = S_IRWXG | S_IRWXO;

bool is_private(const struct stat& info) {
    return info.st_uid == ::geteuid() && (info.st_mode & others) == 0;
}

std::string digest_of(const std::string& name, ByteView bytes) {
    Sha256 hash;
    hash.update(as_bytes(name));
    hash.update(bytes);
    return hash.finish();
}

bool read_all(int fd, std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto count = ::read(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

struct Entry {
    std::string name;
    time_t changed = 0;
};

std::vector<Entry> entries_of(int folder) {
    std::vector<Entry> entries;
    // fdopendir takes the descriptor, and with it the position that all its copies share.
    DIR* listing = ::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (listing == nullptr)
        return entries;
    while (const dirent* found = ::readdir(listing)) {
        struct stat info{};
        if (::fstatat(folder, found->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode))
            entries.push_back({found->d_name, info.st_mtime});
    }
    ::closedir(listing);
    return entries;
}

/// "link/" and "link/." would be followed where "link" is not.
std::filesystem::path without_trailing_dots(std::filesystem::path path) {
    while (path.has_relative_path() && path.has_parent_path() &&
           (path.filename().empty() || path.filename() == "."))
        path = path.parent_path();
    return path;
}

} // namespace

Result<PrivateFolder> PrivateFolder::open(const std::filesystem::path& named) {
    const auto path = without_trailing_dots(named);
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        return environment_error(path, "cannot be made: " + errno_text(errno));
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return environment_error(path, "cannot be opened: " + errno_text(errno));
    if (!is_private(info))
        return input_error(path,
                           fmt::format("belongs to user {} with mode {:o}, and must be closed to everybody "
                                       "but user {}",
                                       info.st_uid, info.st_mode & 07777, ::geteuid()),
                           "chmod 700, or another folder");
    return PrivateFolder(path, std::move(fd));
}

std::optional<Bytes> PrivateFolder::read(const std::string& name) const {
    // Not blocking: what was planted may be a pipe.
    const FileDescriptor fd(
        ::openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    const auto digest_size = digest_of(name, {}).size();
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) || !is_private(info))
        return std::nullopt;
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size < digest_size || size > size_limit)
        return std::nullopt;
    Bytes bytes(size);
    if (!read_all(fd.get(), bytes))
        return std::nullopt;
    const std::string digest(as_text(ByteView(bytes).last(digest_size)));
    bytes.resize(size - digest_size);
    return digest == digest_of(name, bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

Result<> PrivateFolder::write_file(const std::string& name, ByteView bytes, const std::string& digest) const {
    const FileDescriptor fd(::openat(
        fd_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd || !write_all(fd.get(), bytes) || !write_all(fd.get(), as_bytes(digest)))
        return environment_error(path_ / name, "cannot be written: " + errno_text(errno));
    return {};
}

Result<> PrivateFolder::write(const std::string& name, ByteView bytes) const {
    const auto temporary = fmt::format("{}{}-{}", temporary_prefix, name, ::getpid());
    auto written = write_file(temporary, bytes, digest_of(name, bytes));
    if (written && ::renameat(fd_.get(), temporary.c_str(), fd_.get(), name.c_str()) != 0)
        written = environment_error(path_ / name, "cannot be written: " + errno_text(errno));
    if (!written)
        ::unlinkat(fd_.get(), temporary.c_str(), 0);
    drop_oldest();
    return written;
}

Result<std::optional<FileDescriptor>> PrivateFolder::lock(const std::string& name) const {
    FileDescriptor fd(::openat(fd_.get(), name.c_str(),
                               O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd)
        return environment_error(path_ / name, "cannot be opened: " + errno_text(errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
        return std::optional(std::move(fd));
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    return environment_error(path_ / name, "cannot be locked: " + errno_text(errno));
}

void PrivateFolder::drop_oldest() const {
    auto entries = entries_of(fd_.get());
    const auto drop = [&](const Entry& entry) { ::unlinkat(fd_.get(), entry.name.c_str(), 0); };
    std::erase_if(entries, [&](const Entry& entry) {
        if (!entry.name.starts_with(temporary_prefix))
            return false;
        if (entry.changed + temporary_lifetime < ::time(nullptr))
            drop(entry);
        return true;
    });
    if (entries.size() <= entry_limit)
        return;
    std::ranges::sort(entries, {}, &Entry::changed);
    entries.resize(entries.size() - entry_limit);
    std::ranges::for_each(entries, drop);
}

std::optional<std::filesystem::path> default_cache_folder() {
    if (::geteuid() == 0)
        return "/var/cache/ecc";
    passwd entry{}, *found = nullptr;
    std::vector<char> text(16384);
    if (::getpwuid_r(::geteuid(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return std::filesystem::path(found->pw_dir) / ".cache" / "ecc";
}

} // namespace ecc
