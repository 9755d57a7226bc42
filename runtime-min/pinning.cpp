#include "runtime-min/pinning.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace ecc {

namespace {

namespace fs = std::filesystem;

constexpr const char* usual_place = "/sys/fs/bpf";
constexpr std::size_t shown_digits = 16; ///< of a package's digest, in the name of its folder

bool is_in(const fs::path& folder, const fs::path& permitted) {
    return std::ranges::mismatch(permitted, folder).in1 == permitted.end();
}

bool names_a_package(std::string_view name) {
    return name.size() == shown_digits &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// With the folder that is normal: nothing is asked of the file system before it is known to be permitted,
/// because the answer would tell a guest what there is.
std::optional<fs::path> permitted_folder(const BpfPolicy& policy, const fs::path& folder) {
    const auto& pins = policy.permissions.pins;
    const auto found =
        std::ranges::find_if(pins, [&](const std::string& permitted) { return is_in(folder, permitted); });
    return found == pins.end() ? std::nullopt : std::optional<fs::path>(*found);
}

/// Below a folder, without going through symbolic links or to other file systems.
FileDescriptor open_below(const FileDescriptor& folder, const std::string& path, std::uint64_t flags) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    return FileDescriptor(
        static_cast<int>(::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how)));
}

/// For bpf(2), which takes paths only before Linux 6.5.
std::string path_of(const FileDescriptor& file) {
    return fmt::format("/proc/self/fd/{}", file.get());
}

/// Programs and links have an identifier too, where maps have theirs: only the name tells them apart.
bool is_map(const FileDescriptor& fd) {
    std::error_code error;
    return fs::read_symlink(path_of(fd), error) == "anon_inode:bpf-map";
}

OrErrno<std::uint32_t> map_id(int fd) {
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    if (fd < 0 || bpf_map_get_info_by_fd(fd, &info, &size) != 0)
        return errno_error(EINVAL);
    return info.id;
}

/// Of the words alone, for the answer must not tell what there is.
std::string hint_for(const Permissions& permissions, const fs::path& folder) {
    const auto permit =
        is_in(folder, usual_place)
            ? fmt::format("--allow pin={}", folder.string())
            : fmt::format("a path in a bpf file system, such as {0}, and --allow pin={0}/FOLDER",
                          usual_place);
    if (permissions.pins.empty())
        return permit;
    return fmt::format("a path in {}, written so, without symbolic links; or {}",
                       fmt::join(permissions.pins, " or "), permit);
}

std::unexpected<int> refuse(const BpfPolicy& policy, const std::string& path, std::string_view why,
                            std::string hint) {
    policy.diagnostics->error({Fault::environment, "",
                               fmt::format("the program would pin to '{}', which {}", path, why),
                               std::move(hint)});
    return errno_error(EPERM);
}

} // namespace

std::string package_folder(const BpfPolicy& policy) {
    return policy.digest.substr(policy.digest.find(':') + 1, shown_digits);
}

OrErrno<PinPlace> PinPlace::find(const BpfPolicy& policy, const std::string& path) {
    const fs::path wanted(path);
    const auto name = wanted.filename();
    if (!wanted.is_absolute() || name.empty() || name == "." || name == "..")
        return errno_error(EINVAL);
    const auto place = wanted.lexically_normal();
    const auto folder = place.parent_path();
    const auto permitted = permitted_folder(policy, folder);
    if (!permitted)
        return refuse(policy, path, "is not allowed", hint_for(policy.permissions, folder));
    for (const auto& part : place.lexically_relative(*permitted)) {
        if (names_a_package(part.native()) && part != package_folder(policy))
            return refuse(policy, path, "belongs to another package",
                          "a name that is not 16 hexadecimal digits");
    }
    const FileDescriptor root(::open(permitted->c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return errno_error(errno);
    auto opened = open_below(root, folder.lexically_relative(*permitted), O_DIRECTORY);
    if (!opened)
        return errno_error(errno);
    return PinPlace(std::move(opened), name);
}

OrErrno<> PinPlace::pin(int fd) const {
    if (const int error = bpf_obj_pin(fd, fmt::format("{}/{}", path_of(folder_), name_).c_str()); error != 0)
        return errno_error(error);
    return {};
}

OrErrno<FileDescriptor> PinPlace::map() const {
    const auto file = open_below(folder_, name_, 0);
    if (!file)
        return errno_error(errno);
    FileDescriptor pinned(bpf_obj_get(path_of(file).c_str()));
    if (!pinned)
        return errno_error(errno);
    if (!is_map(pinned))
        return errno_error(EINVAL);
    return pinned;
}

OrErrno<> PinPlace::check_holds(int map_fd) const {
    ECC_TRY(const auto wanted, map_id(map_fd));
    ECC_TRY(const auto pinned, map());
    ECC_TRY(const auto found, map_id(pinned.get()));
    if (found != wanted)
        return errno_error(EINVAL);
    return {};
}

OrErrno<> PinPlace::unpin(int map_fd) const {
    ECC_CHECK(check_holds(map_fd));
    if (::unlinkat(folder_.get(), name_.c_str(), 0) != 0)
        return errno_error(errno);
    return {};
}

} // namespace ecc
