// What the operator allows. Observing as declared needs no permission (packager/package/object_facts.h).
#pragma once

#include "support/result.h"

#include <string>
#include <vector>

namespace ecc {

/// What the operator allows, from the command line.
struct Permissions {
    struct Folder {
        std::string path;
        bool writable = false;
        bool operator==(const Folder&) const = default;
    };
    bool act = false;   ///< objects may change what the kernel or processes do
    bool bytes = false; ///< objects may come from the guest's memory, not only from the package
    std::vector<std::string> environment;
    std::vector<Folder> files;
};

} // namespace ecc
