// Attaching programs: what the guest asked for (ecc_attach_opts), changed by what the operator set (--set),
// becomes a link.
#pragma once

#include "runtime-min/bpf_objects.h"
#include "runtime-min/link.h"

#include <string>

namespace ecc {

/// ecc_attach_opts of guest/c/include/ecc/host.h, which says what each field means for which kind.
struct AttachRequest {
    std::uint32_t kind = 0; ///< enum ecc_attach_kind
    std::string target;
    std::string function;
    std::uint32_t ifindex = 0;
    std::uint32_t flags = 0;
    std::uint64_t cookie = 0;
    std::uint64_t offset = 0;
    std::int32_t pid = -1;
    std::int32_t cpu = -1;
    std::int32_t priority = 0;
    std::uint32_t hook = 0;
    std::uint32_t family = 0;
    std::uint32_t perf_type = 0;
    std::uint64_t perf_config = 0;
    std::uint64_t perf_period = 0;
    int map_fd = -1;

    bool operator==(const AttachRequest&) const = default;
};

/// -EOPNOTSUPP, silently: the section says nothing about where to attach, or the object left the program out.
/// The user has been told of any other error.
OrErrno<BpfLink> attach_program(BpfObject& object, bpf_program* program, const AttachRequest& request);

/// Of a program that is checked against its target at the load (bpf_program__set_attach_target): a function
/// of the kernel or, if `target` is not null, of that loaded program; an empty name is then the section's.
/// -EINVAL: too late, or no such target. The user has been told of any other error.
OrErrno<> set_attach_target(BpfObject& object, bpf_program* program, const bpf_program* target,
                            const std::string& function);

/// A struct_ops map. -EINVAL: of another type, or not loaded; -EOPNOTSUPP: not to be created. The user has
/// been told of any other error.
OrErrno<BpfLink> attach_map(BpfObject& object, const bpf_map* map);

} // namespace ecc
