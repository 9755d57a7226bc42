// Where the source came from, read from the files of a git checkout (gitrepository-layout(5)) without running
// git.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ecc {

/// What cannot be told is empty.
struct GitSource {
    std::filesystem::path root; ///< of the work tree
    std::string url;            ///< of the remote "origin", for the public: https, without logins and query
    std::string commit;         ///< that is checked out
    std::string ref;            ///< "refs/heads/main"; empty for a detached HEAD
};

/// The checkout around `folder`; nothing outside one. Whether its files are as the commit has them is not
/// looked at here.
std::optional<GitSource> find_git_source(const std::filesystem::path& folder);

} // namespace ecc
