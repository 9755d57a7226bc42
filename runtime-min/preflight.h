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

/// The first of: a capability, BTF, tracefs.
std::optional<Lack> preflight_load(const bpf_object* object, const ElfScan& scan, const BpfPolicy& policy,
                                   const std::string& name);

/// A program of this section. Tracepoints are found by a file; so are kernel functions by pattern, and all of
/// them on kernels that have no perf source for them.
bool needs_tracefs(std::string_view section);

/// Mounts tracefs in a mount namespace of this process, where nobody else sees it, if it is not mounted and
/// we may.
void mount_missing_tracefs();

} // namespace ecc
