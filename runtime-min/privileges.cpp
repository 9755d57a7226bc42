#include "runtime-min/privileges.h"

#include "runtime-min/file_descriptor.h"
#include "runtime-min/kernel_version.h"
#include "runtime-min/preflight.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecc {

namespace {

/// What a small one has: its memory, and the memory that this one is placed in.
constexpr int descriptors_of_guest = 8;

/// A kernel from before 5.8 has CAP_SYS_ADMIN only.
bool knows_cap_bpf() {
    std::ifstream file("/proc/sys/kernel/cap_last_cap");
    int last = CAP_BPF;
    file >> last;
    return last >= CAP_BPF;
}

template <class Predicate> bool any_program(std::span<const ObjectFacts> objects, Predicate predicate) {
    return std::ranges::any_of(
        objects, [&](const ObjectFacts& object) { return std::ranges::any_of(object.programs, predicate); });
}

bool is_of_network(const ObjectFacts& object) {
    return std::ranges::any_of(object.maps, needs_net_admin) ||
           std::ranges::any_of(object.programs, [](const ProgramFacts& program) {
               return capability_of(program.type) == CAP_NET_ADMIN;
           });
}

/// "kprobe.multi/...", "uprobe.session/...". What follows the first slash is a function or a path, whose name
/// says nothing.
bool is_attached_to_many(const ProgramFacts& program) {
    const auto kind = std::string_view(program.section).substr(0, program.section.find('/'));
    return kind.find(".multi") != kind.npos || kind.find(".session") != kind.npos;
}

/// Attached by way of perf_event_open(2).
bool is_attached_to_perf_event(const ProgramFacts& program) {
    return !is_attached_to_many(program) &&
           (program.type == BPF_PROG_TYPE_KPROBE || program.type == BPF_PROG_TYPE_TRACEPOINT ||
            program.type == BPF_PROG_TYPE_PERF_EVENT);
}

/// "uprobe/", "uretprobe/", "usdt/". The kernel's own condition for probes of processes by way of perf events
/// (perf_uprobe_event_init).
bool probes_processes(const ProgramFacts& program) {
    return is_attached_to_perf_event(program) && program.section.starts_with('u');
}

/// Whatever its section says: the kernel has one type for probes of functions and of files.
bool may_be_attached_to_processes(const ProgramFacts& program) {
    return program.type == BPF_PROG_TYPE_KPROBE;
}

/// Debian's and Ubuntu's kernels know a level 3, their default: perf_event_open(2) for CAP_SYS_ADMIN alone.
bool perf_events_need_sys_admin() {
    std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
    int level = 0;
    file >> level;
    return level > 2;
}

/// "fentry/module:function" and freplace: libbpf finds the module's types and the program by numbers that
/// only CAP_SYS_ADMIN may look up.
bool looks_up_by_id(const ProgramFacts& program) {
    return program.type == BPF_PROG_TYPE_EXT || program.type == BPF_PROG_TYPE_STRUCT_OPS ||
           (program.type == BPF_PROG_TYPE_TRACING && program.section.find(':') != std::string::npos);
}

bool reads_kernel_symbols(const ObjectFacts& object) {
    return !object.kernel_symbols.empty();
}

bool writes_processes(const ObjectFacts& object) {
    return object.helpers.contains(BPF_FUNC_probe_write_user);
}

CapabilitySet file_capabilities(const Permissions& permissions) {
    const bool writes = std::ranges::any_of(permissions.files, &Permissions::Folder::writable);
    if (writes)
        return capability_bit(CAP_DAC_OVERRIDE);
    return permissions.files.empty() ? 0 : capability_bit(CAP_DAC_READ_SEARCH);
}

/// CAP_SYS_ADMIN still stands for those that were once part of it, if they are absent: in a container, say.
CapabilitySet or_their_predecessor(CapabilitySet needed) {
    const auto younger = capability_bit(CAP_BPF) | capability_bit(CAP_PERFMON) | capability_bit(CAP_SYSLOG);
    const bool absent = (needed & younger & ~effective_capabilities()) != 0;
    return absent ? needed | capability_bit(CAP_SYS_ADMIN) : needed;
}

bool succeeds_in_child(const std::function<bool()>& work) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work() ? 0 : 1);
    int status = -1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && status == 0;
}

/// CAP_SYS_PTRACE gives whole processes away, so it is kept only where the kernel takes nothing less: a child
/// with CAP_PERFMON alone tries to read the maps of this process.
CapabilitySet process_map_capability() {
    const auto path = fmt::format("/proc/{}/maps", ::getpid());
    const auto less = capability_bit(CAP_PERFMON);
    const bool enough = succeeds_in_child(
        [&] { return drop_capabilities(or_their_predecessor(less)) && ::open(path.c_str(), O_RDONLY) >= 0; });
    return enough ? less : capability_bit(CAP_SYS_PTRACE);
}

} // namespace

std::optional<int> capability_of(ProgramType type) {
    switch (type) {
    case BPF_PROG_TYPE_KPROBE:
    case BPF_PROG_TYPE_TRACEPOINT:
    case BPF_PROG_TYPE_PERF_EVENT:
    case BPF_PROG_TYPE_RAW_TRACEPOINT:
    case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
    case BPF_PROG_TYPE_TRACING:
    case BPF_PROG_TYPE_LSM:
    case BPF_PROG_TYPE_STRUCT_OPS:
    case BPF_PROG_TYPE_EXT:
        return CAP_PERFMON;
    case BPF_PROG_TYPE_UNSPEC:
    case BPF_PROG_TYPE_SOCKET_FILTER:
    case BPF_PROG_TYPE_SYSCALL:
    case BPF_PROG_TYPE_CGROUP_DEVICE:
        return std::nullopt;
    default:
        return CAP_NET_ADMIN;
    }
}

bool needs_net_admin(const MapFacts& map) {
    return acts(map) && map.type != BPF_MAP_TYPE_STRUCT_OPS;
}

CapabilitySet needed_capabilities(const GuestModule& module, std::span<const ObjectFacts> objects,
                                  const Permissions& permissions) {
    auto needed = file_capabilities(permissions);
    if (permissions.symbols)
        needed |= capability_bit(CAP_SYSLOG);
    if (permissions.symbols && module.reads_process_maps)
        needed |= process_map_capability();
    if (objects.empty() && !permissions.bytes)
        return needed;
    if (!knows_cap_bpf())
        return needed | capability_bit(CAP_SYS_ADMIN) | capability_bit(CAP_SYSLOG) |
               capability_bit(CAP_NET_ADMIN);
    needed |= capability_bit(CAP_BPF) | capability_bit(CAP_PERFMON);
    if (permissions.bytes || std::ranges::any_of(objects, reads_kernel_symbols))
        needed |= capability_bit(CAP_SYSLOG);
    if (permissions.act && (permissions.bytes || std::ranges::any_of(objects, is_of_network)))
        needed |= capability_bit(CAP_NET_ADMIN);
    // The kernel's own condition for this helper.
    if (permissions.act && (permissions.bytes || std::ranges::any_of(objects, writes_processes)))
        needed |= capability_bit(CAP_SYS_ADMIN);
    if (permissions.bytes || any_program(objects, probes_processes))
        needed |= capability_bit(CAP_SYS_ADMIN);
    if (permissions.attach && any_program(objects, may_be_attached_to_processes))
        needed |= capability_bit(CAP_SYS_ADMIN);
    if (any_program(objects, looks_up_by_id))
        needed |= capability_bit(CAP_SYS_ADMIN);
    if (perf_events_need_sys_admin() &&
        (permissions.bytes || any_program(objects, is_attached_to_perf_event)))
        needed |= capability_bit(CAP_SYS_ADMIN);
    return needed;
}

Result<> give_up_privileges(const GuestModule& module, std::span<const ObjectFacts> objects,
                            const Permissions& permissions) {
    // Kernels before 5.11 count maps against it, and all count perf buffers; --limit maps counts both.
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_MEMLOCK, &unlimited);
    if (permissions.bytes ||
        any_program(objects, [](const ProgramFacts& program) { return needs_tracefs(program.section); }))
        mount_missing_tracefs();
    if (!drop_capabilities(or_their_predecessor(needed_capabilities(module, objects, permissions))))
        return environment_error("", "capabilities cannot be given up");
    return {};
}

Result<> limit_open_files(std::uint64_t limit) {
    const FileDescriptor next(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
    if (next && static_cast<std::uint64_t>(next.get()) > limit)
        return input_error("",
                           fmt::format("the limit \"files\" is {}, but {} are open before the program begins",
                                       limit, next.get()),
                           fmt::format("--limit files={} or more", next.get() + descriptors_of_guest));
    rlimit current{};
    ::getrlimit(RLIMIT_NOFILE, &current);
    const rlimit lower{std::min<rlim_t>(current.rlim_cur, limit), std::min<rlim_t>(current.rlim_max, limit)};
    ::setrlimit(RLIMIT_NOFILE, &lower);
    return {};
}

bool maps_need_no_capability() {
    if (kernel_is_at_least(5, 19))
        return true;
    std::ifstream file("/proc/sys/kernel/unprivileged_bpf_disabled");
    int disabled = 1;
    file >> disabled;
    return disabled == 0;
}

} // namespace ecc
