// The rights of root that a run keeps. Whatever needs more happens first; then every other capability goes,
// before any thread starts and before anything of the guest runs.
#pragma once

#include "packager/package/object_facts.h"
#include "runtime-min/capabilities.h"
#include "runtime-min/guest_module.h"
#include "runtime-min/permissions.h"

#include <optional>
#include <span>

namespace ecc {

/// CAP_PERFMON, CAP_NET_ADMIN, or none besides CAP_BPF, as the kernel's is_perfmon_prog_type and
/// is_net_admin_prog_type have it (kernel/bpf/syscall.c).
std::optional<int> capability_of(ProgramType type);

/// True of maps of sockets and devices, which only CAP_NET_ADMIN may create (kernel/bpf/syscall.c, before
/// Linux 6.4 sock_map_alloc and the like).
bool needs_net_admin(const MapFacts& map);

/// What loading the objects and attaching them as their sections say takes, and what the module's imports do,
/// as far as it is allowed. With `attach` any kprobe may become a uprobe; with `bytes` the objects are
/// unknown before they run.
CapabilitySet needed_capabilities(const GuestModule& module, std::span<const ObjectFacts> objects,
                                  const Permissions& permissions);

/// Raises RLIMIT_MEMLOCK, mounts tracefs out of everyone else's sight if an object needs it and it is not
/// there, then keeps only `needed_capabilities`.
Result<> give_up_privileges(const GuestModule& module, std::span<const ObjectFacts> objects,
                            const Permissions& permissions);

/// For this process and from now on; never more than it has. An error if the process has as many already:
/// then not even poll(2) works.
Result<> limit_open_files(std::uint64_t limit);

/// True if this kernel lets a process use its maps without any capability: since Linux 5.19, or if
/// unprivileged BPF is on.
bool maps_need_no_capability();

} // namespace ecc
