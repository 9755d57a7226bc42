// What a BPF object may do. Derived from the object itself, never from the package's manifest.
//
// Observing needs no permission. What acts on the system does: every program type and kernel function that is
// not known to only observe, and helpers that write to processes or signal them.
#pragma once

#include "runtime-min/elf_scan.h"
#include "support/result.h"

#include <string>
#include <vector>

struct bpf_object;

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

/// Why this object acts on the system ("program 'drop' is of type xdp"); empty if it only observes.
std::vector<std::string> acting_reasons(const bpf_object* object, const ElfScan& scan);

} // namespace ecc
