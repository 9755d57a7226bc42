#include "runtime-min/hook_pattern.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace ecc {

namespace {

namespace fs = std::filesystem;

/// '*' stands for any text, also none.
bool matches(std::string_view text, std::string_view pattern) {
    const auto star = pattern.find('*');
    if (star == pattern.npos)
        return text == pattern;
    if (!text.starts_with(pattern.substr(0, star)))
        return false;
    text.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    const auto next = std::min(pattern.find('*'), pattern.size());
    if (next == pattern.size())
        return text.ends_with(pattern);
    // The first place that fits leaves most for the rest.
    const auto at = text.find(pattern.substr(0, next));
    return at != text.npos && matches(text.substr(at), pattern);
}

/// Tracepoints and files are found by path, and one that goes up leaves what stands before.
bool goes_up(std::string_view hook) {
    return hook.find("/../") != hook.npos || hook.find(":../") != hook.npos || hook.ends_with("/..");
}

/// What stands behind the first '/' of "uprobe/", "uretprobe.s/" or "usdt/"; of others nothing.
std::string_view file_part(std::string_view section) {
    const auto slash = section.find('/');
    return section.starts_with('u') && slash != section.npos ? section.substr(slash + 1) : std::string_view();
}

/// The folder in which every file is that fits; nothing if the pattern names the file, or no folder.
std::optional<fs::path> folder_of(std::string_view pattern) {
    const auto fixed = file_part(pattern.substr(0, pattern.find('*')));
    const auto slash = fixed.rfind('/');
    if (fixed.find(':') != fixed.npos || slash == fixed.npos)
        return std::nullopt;
    return fs::path(fixed.substr(0, std::max<std::size_t>(slash, 1)));
}

/// Nothing if it cannot be told.
std::optional<fs::path> without_links(const fs::path& path) {
    std::error_code error;
    const auto absolute = fs::absolute(path, error);
    const auto resolved = error ? fs::path() : fs::weakly_canonical(absolute, error);
    return error ? std::nullopt : std::optional(resolved);
}

bool is_in(const fs::path& path, const fs::path& folder) {
    return std::ranges::mismatch(folder, path).in1 == folder.end();
}

bool links_stay_in(std::string_view file, const fs::path& folder) {
    const auto to = without_links(file.substr(0, file.find(':'))), in = without_links(folder);
    return to && in && is_in(*to, *in);
}

} // namespace

bool fits_hook_pattern(std::string_view hook, std::string_view pattern) {
    if (hook == pattern)
        return true;
    if (goes_up(hook) || !matches(hook, pattern))
        return false;
    const auto folder = folder_of(pattern);
    return !folder || links_stay_in(file_part(hook), *folder);
}

} // namespace ecc
