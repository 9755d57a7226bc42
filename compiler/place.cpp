#include "compiler/place.h"

#include "compiler/clang_job.h"

#include <fmt/format.h>
#include <tuple>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// clang puts the current folder before relative names and not before absolute ones; an empty one makes them
/// alike, and only a renamed one can be empty.
constexpr const char* current_folder = "/ecc-current";

/// Without a slash at the end.
std::string text_of(const fs::path& folder) {
    const std::string text = folder.string();
    return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

/// clang replaces text, the last that fits.
void rename_prefix(std::vector<std::string>& arguments, const fs::path& folder, const std::string& name) {
    for (const char* option : {"debug", "macro"})
        arguments.push_back(fmt::format("-f{}-prefix-map={}/={}", option, text_of(folder), name));
}

} // namespace

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : ".";
}

Result<void> check_current_folder() {
    std::error_code error;
    std::ignore = fs::current_path(error);
    if (!error)
        return {};
    return environment_error("the current folder", "no longer exists", "cd into one that does, such as /tmp");
}

void add_place_arguments(std::vector<std::string>& arguments, const std::vector<SourceFile>& sources,
                         const CompilerFlags& flags, const Resources& resources) {
    arguments.push_back(fmt::format("-fdebug-compilation-dir={}", current_folder));
    arguments.push_back(fmt::format("-fdebug-prefix-map={}=", current_folder));
    for (const std::string& folder : folders_of(flags))
        rename_prefix(arguments, folder, fs::path(text_of(folder)).filename().string() + "/");
    for (const SourceFile& source : sources)
        rename_prefix(arguments, folder_of(source.path), "");
    rename_prefix(arguments, resources.root, "ecc/");
    rename_prefix(arguments, generated_folder, "ecc/");
}

} // namespace ecc
