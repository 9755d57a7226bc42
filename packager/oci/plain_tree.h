// The paths of a folder as layers of an image write them, as long as every container engine that unpacks them
// gets the same folder: regular files and folders only, each file once. Links, whiteouts (image
// specification 1.1, layer.md) and "..", by which a later entry could take the place of an earlier one under
// another name, are errors.
#pragma once

#include "packager/oci/tar.h"

#include <map>

namespace ecc {

/// What is kept of the paths of strangers' images.
class PathBudget {
public:
    /// False if the path is too long, or too many are kept, or too long ones together.
    bool take(std::string_view path);

private:
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

class PlainTree {
public:
    /// `where` names the image in errors.
    explicit PlainTree(std::string where) : where_(std::move(where)) {}

    /// An input error if `member` is no regular file or folder, is called as only links or whiteouts explain,
    /// or is a file in the place of another, of a folder, or below a file.
    Result<void> add(const TarMember& member);

private:
    /// "a/b" right after "a", before "a-b", so that what is below a file is beside it.
    struct ByFolder {
        bool operator()(const std::string& a, const std::string& b) const;
    };

    Result<void> check_place(const TarMember& member) const;
    std::unexpected<Error> refused(const std::string& what) const;

    std::string where_;
    std::map<std::string, TarKind, ByFolder> members_;
    PathBudget budget_;
};

} // namespace ecc
