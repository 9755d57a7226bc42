// Pins that a guest asks for by path (--allow pin=FOLDER): they keep a map or a link after the process has
// ended.
#pragma once

#include "runtime-min/bpf_objects.h"

#include <string>

namespace ecc {

/// The folder, in one that the operator names, of the maps that this package pins by name. No other package
/// gets at what is in it.
std::string package_folder(const BpfPolicy& policy);

/// A name in a folder that is one of those which the operator names, or below. The folder is open: whoever
/// moves it or puts a symbolic link in its place changes nothing.
class PinPlace {
public:
    /// -EINVAL: no absolute path to something in a folder; -EPERM: not permitted, which the user has been
    /// told, whatever there is at the path; -ENOENT, -ENOTDIR: no folder; -ELOOP: a symbolic link in the
    /// path.
    static OrErrno<PinPlace> find(const BpfPolicy& policy, const std::string& path);

    /// Of a map or link. -EEXIST: there is something else.
    OrErrno<> pin(int fd) const;
    /// What is pinned here, a map; -EINVAL: no map; -ENOENT: nothing; -ELOOP: a symbolic link.
    OrErrno<FileDescriptor> map() const;
    /// -EINVAL: what is pinned here is not this map; and what map() answers.
    OrErrno<> check_holds(int map_fd) const;
    /// Removes the pin if it is one of this map, else what check_holds() answers. Whoever else may write to
    /// the folder can put another pin in its place in between.
    OrErrno<> unpin(int map_fd) const;

private:
    PinPlace(FileDescriptor folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}

    FileDescriptor folder_;
    std::string name_;
};

} // namespace ecc
