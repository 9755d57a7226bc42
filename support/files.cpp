#include "support/files.h"

#include "support/near_files.h"
#include "support/output.h"
#include "support/staged_file.h"
#include "support/system_error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ecc {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ > STDERR_FILENO)
            ::close(fd_);
    }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_;
};

std::unexpected<Error> open_error(const std::filesystem::path& path, const std::string& where, int number) {
    auto error = system_error(where, "open", number, FileUse::reading);
    if (number == ENOENT)
        error.error().hint = hint_for_missing(path);
    return error;
}

} // namespace

std::string errno_text(int number) {
    return std::error_code(number, std::generic_category()).message();
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit) {
    const bool standard_input = path == "-";
    const std::string where = standard_input ? "standard input" : path.string();
    Descriptor fd(standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        return open_error(path, where, errno);

    struct stat status = {};
    if (::fstat(fd.get(), &status) != 0)
        return system_error(where, "read", errno, FileUse::reading);
    if (S_ISDIR(status.st_mode))
        return input_error(where, "is a folder, not a file", "name a file in it");

    // Grown only when full: files of sysfs come in pages, and clearing the rest for each would be quadratic.
    constexpr std::size_t first_size = 1u << 16;
    const std::size_t expected = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
    Bytes bytes(std::min(std::max(expected + 1, first_size), limit + 1));
    for (std::size_t used = 0;;) {
        const ssize_t n = ::read(fd.get(), bytes.data() + used, bytes.size() - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_error(where, "read", errno, FileUse::reading);
        used += static_cast<std::size_t>(n);
        if (used > limit)
            return input_error(where,
                               fmt::format("is larger than {} MiB, the most that is read", limit >> 20));
        if (n == 0) {
            bytes.resize(used);
            return bytes;
        }
        if (used == bytes.size())
            bytes.resize(std::min(bytes.size() * 2, limit + 1));
    }
}

Result<void> write_file(const std::filesystem::path& path, ByteView bytes) {
    ECC_TRY(const auto target, staged_target(path));
    if (target) {
        ECC_TRY(auto file, StagedFile::create(*target));
        ECC_CHECK(file.write(bytes));
        return file.commit();
    }
    if (is_standard_output(path))
        return write_to(STDOUT_FILENO, bytes, standard_output);
    const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!device)
        return system_error(path.string(), "write", errno, FileUse::writing);
    return write_to(device.get(), bytes, path.string());
}

Result<TempDir> TempDir::make() {
    std::error_code ec;
    auto base = std::filesystem::temp_directory_path(ec);
    std::string pattern = ((ec ? std::filesystem::path("/tmp") : base) / "ecc.XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        return system_error(pattern, "create a temporary folder", errno, FileUse::writing);
    return TempDir(pattern);
}

TempDir::TempDir(TempDir&& other) noexcept
    : path_(std::move(other.path_)), removal_(std::move(other.removal_)) {
    other.path_.clear();
}

TempDir::~TempDir() {
    std::error_code ignored;
    if (!path_.empty())
        std::filesystem::remove_all(path_, ignored);
}

} // namespace ecc
