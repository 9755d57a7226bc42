#include "runtime-min/permission_syntax.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sstream>

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

/// proc(5): "36 35 98:0 /root /point options - type source options".
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
std::optional<Mount> kernel_files_in(const std::filesystem::path& folder) {
    std::optional<Mount> around;
    for (const auto& mount : mounts()) {
        const bool kernel = std::ranges::find(kernel_file_systems, mount.type) != kernel_file_systems.end();
        if (kernel && is_below(mount.point, folder))
            return mount;
        if (is_below(folder, mount.point) && (!around || is_below(mount.point, around->point)))
            around = kernel ? std::optional(mount) : std::optional(Mount{mount.point, ""});
    }
    return around && !around->type.empty() ? around : std::nullopt;
}

Result<> add_folder(Permissions& permissions, std::string_view text) {
    const bool writable = text.ends_with(":rw");
    const std::string path(writable ? text.substr(0, text.size() - 3) : text);
    std::error_code error;
    const auto canonical = std::filesystem::canonical(path, error);
    if (error || !std::filesystem::is_directory(canonical, error))
        return usage_error(fmt::format("--allow files={}: '{}' is not a folder", text, path));
    if (writable) {
        if (const auto kernel = kernel_files_in(canonical))
            return usage_error(
                fmt::format("--allow files={}: {} ({}) belongs to the kernel and is never writable", text,
                            kernel->point.string(), kernel->type),
                fmt::format("--allow files={}", path));
    }
    permissions.files.push_back({path, writable});
    return {};
}

} // namespace

Result<> add_permission(Permissions& permissions, std::string_view word) {
    constexpr std::string_view environment = "env=", files = "files=";
    if (word == "act") {
        permissions.act = true;
        return {};
    }
    if (word == "bytes") {
        permissions.bytes = true;
        return {};
    }
    if (word.starts_with(environment) && word.size() > environment.size()) {
        permissions.environment.emplace_back(word.substr(environment.size()));
        return {};
    }
    if (word.starts_with(files) && word.size() > files.size())
        return add_folder(permissions, word.substr(files.size()));
    return usage_error(fmt::format("--allow {}: not a permission", word),
                       "--allow with act, bytes, env=NAME or files=DIR[:rw]");
}

} // namespace ecc
