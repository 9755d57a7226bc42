// What the operator allows, by option or policy. Observing as declared needs no permission
// (packager/package/object_facts.h says what acts); whatever is not declared in the package's objects needs
// one.
#pragma once

#include "packager/package/object_facts.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

enum class Permission {
    act,     ///< objects may change what the kernel or processes do
    bytes,   ///< objects may come from the guest's memory, not only from the package
    attach,  ///< observing programs may be attached to what their sections do not name
    symbols, ///< the guest may look up kernel symbols and what processes have mapped
    pin,     ///< maps may be pinned
    files,
    env,
};

struct Permissions {
    struct Folder {
        std::string path;
        bool writable = false;
        bool operator==(const Folder&) const = default;
    };
    bool act = false;
    bool bytes = false;
    bool attach = false;
    bool symbols = false;
    std::vector<std::string> pins; ///< folders of a bpf file system; by-name pins go below the first
    std::vector<std::string> environment;
    std::vector<Folder> files;
    bool operator==(const Permissions&) const = default;

    bool has(Permission permission) const;
    /// Those that it has at all, in the order of Permission.
    std::vector<Permission> all() const;
    void add(const Permissions& more);
};

/// "act", "pin": as options, policies and --explain write it.
std::string_view permission_name(Permission permission);
/// "--allow act", "--allow pin=FOLDER"
std::string permission_flag(Permission permission);

/// Something that needs a permission, and why.
struct PermissionRequest {
    Permission permission = Permission::act;
    std::string reason; ///< "program 'drop' is of type xdp"
};

/// What opening and loading this object takes.
std::vector<PermissionRequest> requests_of(const ObjectFacts& object);

} // namespace ecc
