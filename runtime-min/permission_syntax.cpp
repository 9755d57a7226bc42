#include "runtime-min/permission_syntax.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <linux/magic.h>
#include <optional>
#include <sstream>
#include <sys/statfs.h>

namespace ecc {

namespace {

/// File systems whose files are the kernel's controls. Writing there is acting on the system, whatever else
/// is allowed.
constexpr std::array<std::string_view, 13> kernel_file_systems{
    "proc",    "sysfs",  "tracefs",  "debugfs", "securityfs", "bpf",      "cgroup",
    "cgroup2", "pstore", "configfs", "fusectl", "efivarfs",   "devtmpfs",
};

struct Mount {
    std::filesystem::path point;
    std::string type;
};

/// None if /proc does not tell. proc(5): "36 35 98:0 /root /point options - type source options".
std::vector<Mount> mounts() {
    std::vector<Mount> found;
    std::ifstream file("/proc/self/mountinfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string skipped, word;
        Mount mount;
        words >> skipped >> skipped >> skipped >> skipped >> mount.point;
        while (words >> word && word != "-") {
        }
        words >> mount.type;
        found.push_back(std::move(mount));
    }
    return found;
}

bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

/// A kernel file system that the folder is in or that is mounted somewhere below it.
std::optional<Mount> kernel_files_in(const std::filesystem::path& folder, const std::vector<Mount>& mounts) {
    std::optional<Mount> around;
    for (const auto& mount : mounts) {
        const bool kernel = std::ranges::find(kernel_file_systems, mount.type) != kernel_file_systems.end();
        if (kernel && is_below(mount.point, folder))
            return mount;
        if (is_below(folder, mount.point) && (!around || is_below(mount.point, around->point)))
            around = kernel ? std::optional(mount) : std::optional(Mount{mount.point, ""});
    }
    return around && !around->type.empty() ? around : std::nullopt;
}

Result<std::filesystem::path> existing_folder(std::string_view word, std::string_view path) {
    std::error_code error;
    auto canonical = std::filesystem::canonical(path, error);
    if (error || !std::filesystem::is_directory(canonical, error))
        return usage_error(fmt::format("{}: '{}' is not a folder", word, path));
    return canonical;
}

Result<> add_files(Permissions& permissions, std::string_view text) {
    const bool writable = text.ends_with(":rw");
    const auto path = writable ? text.substr(0, text.size() - 3) : text;
    const auto word = fmt::format("files={}", text);
    ECC_TRY(const auto canonical, existing_folder(word, path));
    if (writable) {
        const auto all = mounts();
        if (all.empty())
            return usage_error(fmt::format("{}: nobody can tell whether it is the kernel's", word),
                               fmt::format("files={}, or a mounted /proc", path));
        if (const auto kernel = kernel_files_in(canonical, all))
            return usage_error(fmt::format("{}: {} ({}) belongs to the kernel and is never writable", word,
                                           kernel->point.string(), kernel->type),
                               fmt::format("files={}", path));
    }
    permissions.files.push_back({std::string(path), writable});
    return {};
}

Result<> add_pin(Permissions& permissions, std::string_view path) {
    const auto word = fmt::format("pin={}", path);
    ECC_TRY(const auto canonical, existing_folder(word, path));
    struct statfs info{};
    if (::statfs(canonical.c_str(), &info) != 0 || info.f_type != BPF_FS_MAGIC)
        return usage_error(fmt::format("{}: '{}' is not in a bpf file system", word, path),
                           "mount -t bpf bpf /sys/fs/bpf");
    permissions.pins.push_back(canonical);
    return {};
}

Result<> add_environment(Permissions& permissions, std::string_view name) {
    if (const auto equals = name.find('='); equals != name.npos)
        return usage_error(
            fmt::format("env={}: a variable's name has no '=', and its value is the caller's", name),
            fmt::format("env={}, and the value before ecc-run: {} ecc-run ...", name.substr(0, equals),
                        name));
    permissions.environment.emplace_back(name);
    return {};
}

struct Flag {
    std::string_view name;
    bool Permissions::* value;
};
constexpr std::array flags{
    Flag{"act", &Permissions::act},
    Flag{"bytes", &Permissions::bytes},
    Flag{"attach", &Permissions::attach},
    Flag{"symbols", &Permissions::symbols},
};

struct List {
    std::string_view name;
    Result<> (*add)(Permissions&, std::string_view);
};
constexpr std::array lists{List{"pin", add_pin}, List{"files", add_files}, List{"env", add_environment}};

} // namespace

Result<> add_permission(Permissions& permissions, std::string_view word) {
    const auto flag = std::ranges::find(flags, word, &Flag::name);
    if (flag != flags.end()) {
        permissions.*flag->value = true;
        return {};
    }
    const auto equals = std::min(word.find('='), word.size());
    const auto list = std::ranges::find(lists, word.substr(0, equals), &List::name);
    if (list != lists.end() && equals + 1 < word.size())
        return list->add(permissions, word.substr(equals + 1));
    return usage_error(fmt::format("{}: not a permission", word.empty() ? "an empty word" : word),
                       "--allow with act, bytes, attach, symbols, pin=FOLDER, files=DIR[:rw] or env=NAME");
}

} // namespace ecc
