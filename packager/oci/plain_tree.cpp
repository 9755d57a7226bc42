#include "packager/oci/plain_tree.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_path = 1024;
constexpr std::size_t max_total = 16u << 20;
constexpr std::size_t max_count = 100'000;
constexpr std::string_view whiteout = ".wh.";

bool is_below(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

} // namespace

bool PathBudget::take(std::string_view path) {
    bytes_ += path.size();
    return path.size() <= max_path && bytes_ <= max_total && ++count_ <= max_count;
}

bool PlainTree::ByFolder::operator()(const std::string& a, const std::string& b) const {
    const auto slash_first = [](char c) {
        return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)) + 1;
    };
    return std::ranges::lexicographical_compare(a, b, {}, slash_first, slash_first);
}

std::unexpected<Error> PlainTree::refused(const std::string& what) const {
    return input_error(where_, "the image " + what + ": which file an engine starts is not sure",
                       "store the package with `ecc push` again");
}

Result<void> PlainTree::check_place(const TarMember& member) const {
    const auto at = members_.lower_bound(member.path);
    if (at != members_.end() && at->first == member.path)
        return member.kind == TarKind::folder && at->second == TarKind::folder
                   ? Result<void>()
                   : refused(fmt::format("has {} twice", member.path));
    const bool has_content =
        member.kind == TarKind::file && at != members_.end() && is_below(at->first, member.path);
    const bool is_in_file = at != members_.begin() && std::prev(at)->second == TarKind::file &&
                            is_below(member.path, std::prev(at)->first);
    if (has_content || is_in_file)
        return refused(fmt::format("has {} as a file and as a folder",
                                   has_content ? member.path : std::prev(at)->first));
    return {};
}

Result<void> PlainTree::add(const TarMember& member) {
    if (!budget_.take(member.path))
        return refused("has too many or too long paths");
    if (member.kind == TarKind::other)
        return refused(fmt::format("has {}, which is a link or a device", member.path));
    for (const std::string_view name : path_parts(member.path)) {
        if (name == "..")
            return refused(fmt::format("has \"..\" in the path {}", member.path));
        if (name.starts_with(whiteout))
            return refused(fmt::format("deletes with {}", member.path));
    }
    ECC_CHECK(check_place(member));
    members_.emplace(member.path, member.kind);
    return {};
}

} // namespace ecc
