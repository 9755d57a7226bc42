// The files that a mistyped name may have meant.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

/// ".bpf.c" or the extension: what programs tell the kind of a file by.
std::string_view file_suffix(std::string_view name);

/// The names, as one would type them, of up to three regular files beside `path`, with its suffix and not
/// many letters from its name; the nearest first.
std::vector<std::string> near_files(const std::filesystem::path& path);

/// What to try in place of a file that is not there: files near it, or that its folder is missing too.
std::string hint_for_missing(const std::filesystem::path& path);

} // namespace ecc
