#include "compiler/record/components.h"

#include "compiler/clang_job.h"
#include "support/digest.h"
#include "support/files.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <map>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// Folders of ecc's resources, and single files in them, which win.
struct Place {
    fs::path path;
    const char* name;
    std::string version;
    const char* license;
    std::string purl = {};
};

constexpr const char* llvm_license = "Apache-2.0 WITH LLVM-exception";

std::string libbpf_version() {
    const std::string version = libbpf_version_string();
    return version.starts_with('v') ? version.substr(1) : version;
}

/// "6.1.148" of linux/version.h; empty if it is not there.
std::string kernel_headers_version(const Resources& resources) {
    const auto text = read_file(resources.kernel_headers() / "linux" / "version.h", 4096);
    constexpr std::string_view key = "LINUX_VERSION_CODE ";
    const std::size_t at = text ? as_text(*text).find(key) : std::string_view::npos;
    if (at == std::string_view::npos)
        return "";
    const unsigned long code =
        std::strtoul(std::string(as_text(*text).substr(at + key.size(), 12)).c_str(), nullptr, 10);
    return std::to_string(code >> 16) + "." + std::to_string(code >> 8 & 0xff) + "." +
           std::to_string(code & 0xff);
}

/// More exact places first.
std::vector<Place> places_of(const Resources& resources) {
    const Sysroot& sysroot = resources.sysroot;
    const bool bundled = sysroot.c_headers.string().starts_with(resources.root.string());
    const std::string libc = bundled ? ECC_WASI_LIBC_VERSION : "";
    const std::string llvm = bundled ? clang_version() : "";
    return {
        {sysroot.builtins, "compiler-rt", llvm, llvm_license},
        {sysroot.libraries / "libc++.a", "libc++", llvm, llvm_license},
        {sysroot.libraries / "libc++abi.a", "libc++abi", llvm, llvm_license},
        {sysroot.cxx_headers, "libc++", llvm, llvm_license},
        {sysroot.c_headers, "wasi-libc", libc, "Apache-2.0 WITH LLVM-exception AND MIT"},
        {sysroot.libraries, "wasi-libc", libc, "Apache-2.0 WITH LLVM-exception AND MIT"},
        {resources.clang_headers(), "clang headers", clang_version(), llvm_license},
        {resources.bpf_headers(), "libbpf headers", libbpf_version(), "LGPL-2.1-only OR BSD-2-Clause",
         "pkg:github/libbpf/libbpf@v" + libbpf_version()},
        {resources.kernel_headers(), "Linux UAPI headers", kernel_headers_version(resources),
         "GPL-2.0-only WITH Linux-syscall-note"},
        {resources.guest_sources(), "ecc guest library", ECC_VERSION, "Apache-2.0"},
    };
}

/// Nothing if the file is not below the folder.
std::optional<std::string> name_below(const fs::path& folder, const fs::path& file) {
    if (file == folder)
        return file.filename().string();
    const std::string relative = file.lexically_relative(folder).string();
    if (relative.empty() || relative == "." || relative.starts_with(".."))
        return std::nullopt;
    return relative;
}

/// Sorts files into components.
class Sorting {
public:
    explicit Sorting(const Resources& resources) : places_(places_of(resources)) {}

    Result<void> add(const Dependency& dependency) {
        ECC_TRY(const Bytes content, read_file(dependency.path));
        const std::string digest = sha256_digest(content);
        const fs::path path = fs::path(dependency.path).lexically_normal();
        for (const Place& place : places_) {
            if (const auto name = name_below(place.path.lexically_normal(), path))
                return add_to(place, {*name, digest});
        }
        used_.sources.push_back({dependency.path, digest});
        return {};
    }

    UsedFiles finish() {
        for (auto& [name, component] : components_) {
            std::ranges::sort(component.files, {}, &RecordedFile::name);
            used_.components.push_back(std::move(component));
        }
        std::ranges::sort(used_.sources, {}, &RecordedFile::name);
        return std::move(used_);
    }

private:
    Result<void> add_to(const Place& place, RecordedFile file) {
        RecordedComponent& component = components_[place.name];
        component.name = place.name;
        component.version = place.version;
        component.license = place.license;
        component.purl = place.purl;
        component.files.push_back(std::move(file));
        return {};
    }

    std::vector<Place> places_;
    std::map<std::string, RecordedComponent> components_;
    UsedFiles used_;
};

} // namespace

Result<UsedFiles> find_used_files(const Dependencies& files, const Resources& resources) {
    Sorting sorting(resources);
    for (const Dependency& file : files)
        ECC_CHECK(sorting.add(file));
    return sorting.finish();
}

} // namespace ecc
