#include "support/near_files.h"

#include "support/near_names.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_looked_at = 10'000;
constexpr std::size_t most_named = 3;

struct Candidate {
    std::size_t distance;
    std::string name;
    auto operator<=>(const Candidate&) const = default;
};

fs::path folder_of_name(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

} // namespace

std::string_view file_suffix(std::string_view name) {
    constexpr std::string_view bpf_source = ".bpf.c";
    if (name.ends_with(bpf_source))
        return bpf_source;
    const auto dot = name.rfind('.');
    return dot == name.npos ? std::string_view() : name.substr(dot);
}

std::vector<std::string> near_files(const fs::path& path) {
    const std::string name = path.filename().string();
    const std::string_view suffix = file_suffix(name);
    const std::size_t most_letters = std::max<std::size_t>(2, (name.size() - suffix.size()) / 3);
    std::vector<Candidate> candidates;
    std::size_t seen = 0;
    std::error_code ended;
    for (fs::directory_iterator entry(folder_of_name(path), ended), last;
         !ended && entry != last && ++seen <= most_looked_at; entry.increment(ended)) {
        std::error_code ignored;
        const std::string other = entry->path().filename().string();
        const std::size_t distance = edit_distance(name, other);
        if (distance <= most_letters && file_suffix(other) == suffix && entry->is_regular_file(ignored))
            candidates.push_back({distance, (path.parent_path() / other).string()});
    }
    std::ranges::sort(candidates);
    candidates.resize(std::min(candidates.size(), most_named));
    std::vector<std::string> names;
    std::ranges::transform(candidates, std::back_inserter(names), &Candidate::name);
    return names;
}

std::string hint_for_missing(const fs::path& path) {
    std::error_code ignored;
    if (const auto names = near_files(path); !names.empty())
        return fmt::format("{}", fmt::join(names, " or "));
    const fs::path folder = folder_of_name(path);
    if (fs::current_path(ignored).empty() && path.is_relative())
        return "cd into another folder: the current one was removed";
    if (!fs::is_directory(folder, ignored))
        return fmt::format("a folder that is there: {} is none", folder.string());
    return fmt::format("a file that is there: ls {}", folder.string());
}

} // namespace ecc
