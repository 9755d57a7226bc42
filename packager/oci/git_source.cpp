#include "packager/oci/git_source.h"

#include "packager/oci/url.h"
#include "support/files.h"

#include <algorithm>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file = 4u << 20;
constexpr int max_parents = 64;
constexpr std::size_t max_url = 1000;

std::string text_of(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored))
        return {};
    auto bytes = read_file(file, max_file);
    return bytes ? std::string(as_text(*bytes)) : std::string();
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Calls `take` with each line; true from it ends the walk.
void for_each_line(std::string_view text, auto take) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (take(trimmed(text.substr(0, end))))
            return;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

struct GitFolders {
    fs::path root;   ///< of the work tree
    fs::path own;    ///< HEAD
    fs::path common; ///< config and refs; another one in a worktree
};

/// A file .git, of a worktree or submodule, names the folder.
std::optional<GitFolders> git_folders(const fs::path& dot_git) {
    std::error_code ignored;
    fs::path own = dot_git;
    if (fs::is_regular_file(dot_git, ignored)) {
        const std::string text = text_of(dot_git);
        if (!text.starts_with("gitdir: "))
            return std::nullopt;
        own = dot_git.parent_path() / trimmed(std::string_view(text).substr(8));
    }
    if (!fs::exists(own / "HEAD", ignored))
        return std::nullopt;
    const std::string common = text_of(own / "commondir");
    return GitFolders{dot_git.parent_path(), own, common.empty() ? own : own / trimmed(common)};
}

std::optional<GitFolders> checkout_around(const fs::path& folder) {
    std::error_code ignored;
    fs::path current = fs::absolute(folder.empty() ? "." : folder, ignored).lexically_normal();
    for (int i = 0; i < max_parents; i++) {
        if (auto found = git_folders(current / ".git"))
            return found;
        if (current == current.parent_path())
            break;
        current = current.parent_path();
    }
    return std::nullopt;
}

bool is_commit(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string packed_ref(const GitFolders& git, std::string_view name) {
    std::string commit;
    const std::string packed = text_of(git.common / "packed-refs");
    for_each_line(packed, [&](std::string_view line) {
        const auto space = line.find(' ');
        if (space == line.npos || line.substr(space + 1) != name)
            return false;
        commit = line.substr(0, space);
        return true;
    });
    return commit;
}

/// The branch that HEAD stands for, and the commit; both empty if it is malformed.
void read_head(const GitFolders& git, GitSource& source) {
    constexpr std::string_view symbolic = "ref: ";
    const std::string text = text_of(git.own / "HEAD");
    std::string commit(trimmed(text));
    std::string ref;
    if (commit.starts_with(symbolic)) {
        ref = commit.substr(symbolic.size());
        if (!ref.starts_with("refs/") || ref.find("..") != ref.npos)
            return;
        commit = trimmed(text_of(git.common / ref));
        if (commit.empty())
            commit = packed_ref(git, ref);
    }
    if (!is_commit(commit))
        return;
    source.commit = std::move(commit);
    source.ref = std::move(ref);
}

std::string origin(const GitFolders& git) {
    std::string url;
    bool inside = false;
    const std::string config = text_of(git.common / "config");
    for_each_line(config, [&](std::string_view line) {
        if (line.starts_with('['))
            inside = line == "[remote \"origin\"]";
        const auto equals = line.find('=');
        if (inside && equals != line.npos && trimmed(line.substr(0, equals)) == "url")
            url = trimmed(line.substr(equals + 1));
        return !url.empty();
    });
    return url;
}

/// Of a repository, for a browser. One where a login may hide, because it is not sure which part is which, is
/// not public. "git@host:path" is ssh's way to say it; paths of this machine say nothing.
std::string address_of(std::string remote) {
    if (remote.starts_with("git@"))
        if (auto colon = remote.find(':'); colon != remote.npos)
            remote.replace(0, colon + 1, "ssh://" + remote.substr(4, colon - 4) + "/");
    std::string url = public_url(remote).value_or("");
    const auto path = url.find('/', url.find("://") + 3);
    if (url.size() > max_url || url.find('@') != url.npos || path >= url.size() - 1)
        return {};
    if (url.ends_with(".git"))
        url.resize(url.size() - 4);
    return url;
}

} // namespace

std::optional<GitSource> find_git_source(const fs::path& folder) {
    const auto git = checkout_around(folder);
    if (!git)
        return std::nullopt;
    GitSource source{.root = git->root, .url = address_of(origin(*git)), .commit = {}, .ref = {}};
    read_head(*git, source);
    return source;
}

} // namespace ecc
