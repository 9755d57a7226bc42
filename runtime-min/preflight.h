// What a load needs of this machine, looked at first, so that the user reads which thing is missing instead
// of what libbpf or the kernel made of its absence.
#pragma once

#include "runtime-min/bpf_objects.h"

#include <optional>

namespace ecc {

struct Lack {
    Error error;
    int number; ///< the errno that the guest gets
};

/// The first of: a capability, BTF, tracefs. Mounts tracefs in a mount namespace of our own if it is needed,
/// not mounted, and we may.
std::optional<Lack> preflight_load(const bpf_object* object, const ElfScan& scan, const BpfPolicy& policy,
                                   const std::string& name);

} // namespace ecc
