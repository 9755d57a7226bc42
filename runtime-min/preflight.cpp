#include "runtime-min/preflight.h"

#include "runtime-min/attachment.h"
#include "runtime-min/btf_source.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/privileges.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <unistd.h>
#include <vector>

namespace ecc {

namespace {

constexpr const char* tracing_folder = "/sys/kernel/tracing";
constexpr const char* old_tracing_folder = "/sys/kernel/debug/tracing";

/// What libbpf opens for a moment while it loads: BTF, a map that takes its place, what it tries the kernel
/// with.
constexpr std::size_t most_passing_descriptors = 6;

struct Capability {
    int number;
    std::string_view name;
};
constexpr Capability cap_bpf{CAP_BPF, "CAP_BPF"};
constexpr Capability cap_perfmon{CAP_PERFMON, "CAP_PERFMON"};
constexpr Capability cap_net_admin{CAP_NET_ADMIN, "CAP_NET_ADMIN"};

template <class Predicate> bool any_program(const bpf_object* object, Predicate predicate) {
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        if (bpf_program__autoload(program) && predicate(program))
            return true;
    }
    return false;
}

bool any_map_needs_net_admin(const bpf_object* object) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (bpf_map__autocreate(map) && needs_net_admin(facts_of(map)))
            return true;
    }
    return false;
}

std::string missing_capabilities(const bpf_object* object) {
    const auto effective = in_user_namespace() ? 0 : effective_capabilities();
    const auto has = [&](const Capability& capability) {
        return (effective & (capability_bit(capability.number) | capability_bit(CAP_SYS_ADMIN))) != 0;
    };
    std::string missing = has(cap_bpf) ? "" : "CAP_BPF";
    for (const auto* capability : {&cap_perfmon, &cap_net_admin}) {
        const bool needed =
            any_program(object,
                        [&](const bpf_program* program) {
                            return capability_of(bpf_program__type(program)) == capability->number;
                        }) ||
            (capability == &cap_net_admin && any_map_needs_net_admin(object));
        if (needed && !has(*capability))
            missing += fmt::format("{}{}", missing.empty() ? "" : " and ", capability->name);
    }
    return missing;
}

/// Programs that name kernel functions or types need the kernel's own BTF; --btf does not help them.
bool attaches_by_btf(const bpf_program* program) {
    const ProgramType type = bpf_program__type(program);
    return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM || type == BPF_PROG_TYPE_STRUCT_OPS;
}

bool is_tracefs(const char* path) {
    struct statfs info{};
    return ::statfs(path, &info) == 0 && info.f_type == TRACEFS_MAGIC;
}

bool tracefs_is_there() {
    return is_tracefs(tracing_folder) || is_tracefs(old_tracing_folder);
}

std::optional<Lack> lacks_capability(const bpf_object* object, const std::string& name) {
    const auto missing = missing_capabilities(object);
    if (missing.empty())
        return std::nullopt;
    return Lack{{Fault::environment, name,
                 fmt::format("loading it needs {}, which this process does not have", missing),
                 root_hint("running ecc-run as root (sudo)")},
                EPERM};
}

std::optional<Lack> lacks_btf(const bpf_object* object, const ElfScan& scan, const BpfPolicy& policy,
                              const std::string& name) {
    if (kernel_has_btf())
        return std::nullopt;
    if (any_program(object, attaches_by_btf))
        return Lack{
            {Fault::environment, name,
             "it attaches to kernel functions by type, and this kernel has no BTF (/sys/kernel/btf/vmlinux)",
             "a kernel built with CONFIG_DEBUG_INFO_BTF=y"},
            ENOENT};
    if (scan.relocates_types && policy.btf == nullptr)
        return Lack{
            {Fault::environment, name,
             "it must be fitted to the running kernel's types, and this kernel has no BTF "
             "(/sys/kernel/btf/vmlinux)",
             "--btf FILE with the BTF of this kernel, or a kernel built with CONFIG_DEBUG_INFO_BTF=y"},
            ENOENT};
    return std::nullopt;
}

std::optional<Lack> lacks_tracefs(const bpf_object* object, const BpfPolicy& policy,
                                  const std::string& name) {
    const bool needed = any_program(object, [&](const bpf_program* program) {
        return needs_tracefs(chosen_hook(policy.targets, facts_of(program), {}));
    });
    if (!needed || tracefs_is_there())
        return std::nullopt;
    return Lack{{Fault::environment, name,
                 fmt::format("its tracepoints need tracefs, which is not mounted at {}", tracing_folder),
                 fmt::format("mount -t tracefs tracefs {}", tracing_folder)},
                ENOENT};
}

/// Once it is out of descriptors, libbpf takes features of the kernel for absent and loads what cannot work.
std::optional<Lack> lacks_descriptors(const bpf_object* object, const std::string& name) {
    std::size_t needed = most_passing_descriptors;
    any_program(object, [&](const bpf_program*) {
        ++needed;
        return false;
    });
    std::vector<FileDescriptor> free;
    while (free.size() < needed && free.emplace_back(::dup(STDERR_FILENO))) {
    }
    if (free.empty() || free.back())
        return std::nullopt;
    return Lack{{Fault::environment, name,
                 fmt::format("loading it opens {} files, and {} more can be opened: {}", needed,
                             free.size() - 1, errno_text(EMFILE)),
                 resource_hint(EMFILE)},
                EMFILE};
}

} // namespace

bool needs_tracefs(std::string_view section) {
    const auto starts = [&](std::string_view prefix) {
        return section.starts_with(prefix) || section.starts_with("?" + std::string(prefix));
    };
    if (starts("tracepoint/") || starts("tp/"))
        return true;
    if (starts("kprobe.multi") || starts("kretprobe.multi"))
        return section.find_first_of("*?", 1) != section.npos;
    if (starts("kprobe") || starts("kretprobe"))
        return ::access("/sys/bus/event_source/devices/kprobe/type", R_OK) != 0;
    return false;
}

void mount_missing_tracefs() {
    // What matters is how mounts below /sys propagate; in a chroot "/" would not even be a mount.
    if (!tracefs_is_there() && ::unshare(CLONE_NEWNS) == 0 &&
        ::mount(nullptr, "/sys", nullptr, MS_REC | MS_SLAVE, nullptr) == 0)
        ::mount("tracefs", tracing_folder, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
}

std::optional<Lack> preflight_load(const bpf_object* object, const ElfScan& scan, const BpfPolicy& policy,
                                   const std::string& name) {
    if (auto lack = lacks_capability(object, name))
        return lack;
    if (auto lack = lacks_btf(object, scan, policy, name))
        return lack;
    if (auto lack = lacks_tracefs(object, policy, name))
        return lack;
    return lacks_descriptors(object, name);
}

} // namespace ecc
