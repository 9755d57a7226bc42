#include "runtime-min/attachment.h"

#include "guest/c/include/ecc/host.h"
#include "runtime-min/attach_hint.h"
#include "runtime-min/attach_section.h"
#include "runtime-min/attach_target.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

namespace ecc {

namespace {

/// enum bpf_attach_type since Linux 6.6; the machine's own header may be older.
constexpr auto bpf_tcx_ingress = static_cast<bpf_attach_type>(46);
constexpr auto bpf_tcx_egress = static_cast<bpf_attach_type>(47);

OrErrno<BpfLink> owned(bpf_link* link) {
    if (link == nullptr)
        return errno_error(linux_errno(-errno));
    return BpfLink(BpfLink::Owned(link));
}

bool on_return(const AttachRequest& request) {
    return (request.flags & ECC_ATTACH_RETURN) != 0;
}

OrErrno<BpfLink> attach_section(bpf_program* program, const AttachRequest&, const BpfPolicy&) {
    return owned(bpf_program__attach(program));
}

OrErrno<int> interface_of(const AttachRequest& request) {
    const auto index = request.target.empty() ? request.ifindex : if_nametoindex(request.target.c_str());
    if (index == 0)
        return errno_error(ENODEV);
    return static_cast<int>(index);
}

OrErrno<BpfLink> attach_xdp(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    ECC_TRY(const int index, interface_of(request));
    LIBBPF_OPTS(bpf_link_create_opts, options, .flags = request.flags);
    FileDescriptor link(bpf_link_create(bpf_program__fd(program), index, BPF_XDP, &options));
    if (!link)
        return errno_error(errno);
    return BpfLink(std::move(link));
}

/// A kernel without tcx knows no such attach type.
bool has_tcx(int interface) {
    LIBBPF_OPTS(bpf_prog_query_opts, query);
    return bpf_prog_query_opts(interface, bpf_tcx_ingress, &query) == 0 || errno != EINVAL;
}

/// tcx where the kernel has it (6.6), whose links end with the process; else a classic filter.
OrErrno<BpfLink> attach_tc(bpf_program* program, const AttachRequest& request, const BpfPolicy& policy) {
    ECC_TRY(const int index, interface_of(request));
    const bool is_hook = request.hook == ECC_TC_INGRESS || request.hook == ECC_TC_EGRESS;
    if (!is_hook || bpf_program__type(program) != BPF_PROG_TYPE_SCHED_CLS)
        return errno_error(EINVAL);
    const bool ingress = request.hook == ECC_TC_INGRESS;
    LIBBPF_OPTS(bpf_link_create_opts, options);
    FileDescriptor link(bpf_link_create(bpf_program__fd(program), index,
                                        ingress ? bpf_tcx_ingress : bpf_tcx_egress, &options));
    if (link)
        return BpfLink(std::move(link));
    const int error = errno;
    if (error != EINVAL || policy.janitor == nullptr || has_tcx(index))
        return errno_error(error);
    ECC_TRY(auto filter, ClassicTcFilter::attach(
                             index, ingress ? TcHook::ingress : TcHook::egress, bpf_program__fd(program),
                             static_cast<std::uint32_t>(std::max(request.priority, 0)), *policy.janitor));
    return BpfLink(std::move(filter));
}

OrErrno<BpfLink> attach_cgroup(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    const FileDescriptor cgroup(::open(request.target.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!cgroup)
        return errno_error(errno);
    return owned(bpf_program__attach_cgroup(program, cgroup.get()));
}

OrErrno<BpfLink> attach_network_namespace(bpf_program* program, const AttachRequest& request,
                                          const BpfPolicy&) {
    const FileDescriptor space(::open(request.target.c_str(), O_RDONLY | O_CLOEXEC));
    if (!space)
        return errno_error(errno);
    return owned(bpf_program__attach_netns(program, space.get()));
}

OrErrno<BpfLink> attach_tracepoint(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    const auto colon = request.target.find(':');
    if (colon == std::string::npos)
        return errno_error(EINVAL);
    LIBBPF_OPTS(bpf_tracepoint_opts, options, .bpf_cookie = request.cookie);
    return owned(bpf_program__attach_tracepoint_opts(program, request.target.substr(0, colon).c_str(),
                                                     request.target.c_str() + colon + 1, &options));
}

OrErrno<BpfLink> attach_raw_tracepoint(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_raw_tracepoint_opts, options, .cookie = request.cookie);
    return owned(bpf_program__attach_raw_tracepoint_opts(program, request.target.c_str(), &options));
}

OrErrno<BpfLink> attach_kprobe(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_kprobe_opts, options, .bpf_cookie = request.cookie, .offset = request.offset,
                .retprobe = on_return(request));
    return owned(bpf_program__attach_kprobe_opts(program, request.target.c_str(), &options));
}

OrErrno<BpfLink> attach_kprobe_multi(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .retprobe = on_return(request));
    return owned(bpf_program__attach_kprobe_multi_opts(program, request.target.c_str(), &options));
}

OrErrno<BpfLink> attach_uprobe(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_uprobe_opts, options, .bpf_cookie = request.cookie, .retprobe = on_return(request),
                .func_name = request.function.empty() ? nullptr : request.function.c_str());
    return owned(bpf_program__attach_uprobe_opts(program, request.pid, request.target.c_str(), request.offset,
                                                 &options));
}

OrErrno<BpfLink> attach_uprobe_multi(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_uprobe_multi_opts, options, .retprobe = on_return(request));
    return owned(bpf_program__attach_uprobe_multi(program, request.pid, request.target.c_str(),
                                                  request.function.c_str(), &options));
}

OrErrno<BpfLink> attach_usdt(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    const auto colon = request.function.find(':');
    if (colon == std::string::npos)
        return errno_error(EINVAL);
    LIBBPF_OPTS(bpf_usdt_opts, options, .usdt_cookie = request.cookie);
    return owned(bpf_program__attach_usdt(program, request.pid, request.target.c_str(),
                                          request.function.substr(0, colon).c_str(),
                                          request.function.c_str() + colon + 1, &options));
}

OrErrno<BpfLink::Owned> attach_perf_event_on(bpf_program* program, const AttachRequest& request, int cpu) {
    perf_event_attr event{};
    event.size = sizeof event;
    event.type = request.perf_type;
    event.config = request.perf_config;
    event.sample_period = request.perf_period;
    event.freq = (request.flags & ECC_ATTACH_FREQUENCY) != 0;
    FileDescriptor fd(
        static_cast<int>(::syscall(SYS_perf_event_open, &event, request.pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
    if (!fd)
        return errno_error(errno);
    LIBBPF_OPTS(bpf_perf_event_opts, options, .bpf_cookie = request.cookie);
    BpfLink::Owned link(bpf_program__attach_perf_event_opts(program, fd.get(), &options));
    if (!link)
        return errno_error(linux_errno(-errno));
    fd.release(); // the link closes it
    return link;
}

/// Only events that count or sample; tracepoints and breakpoints have kinds of their own. CPUs that are
/// offline have no events (ENODEV).
OrErrno<BpfLink> attach_perf_event(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    if (request.perf_type != PERF_TYPE_HARDWARE && request.perf_type != PERF_TYPE_SOFTWARE &&
        request.perf_type != PERF_TYPE_HW_CACHE)
        return errno_error(EINVAL);
    if (request.cpu != -1 || request.pid != -1) {
        ECC_TRY(auto link, attach_perf_event_on(program, request, request.cpu));
        return BpfLink(std::move(link));
    }
    std::vector<BpfLink::Owned> links;
    for (int cpu = 0; cpu < libbpf_num_possible_cpus(); cpu++) {
        auto link = attach_perf_event_on(program, request, cpu);
        if (link)
            links.push_back(std::move(*link));
        else if (link.error() != -ENODEV)
            return std::unexpected(link.error());
    }
    return BpfLink(std::move(links));
}

OrErrno<BpfLink> attach_netfilter(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    LIBBPF_OPTS(bpf_netfilter_opts, options, .pf = request.family, .hooknum = request.hook,
                .priority = request.priority, .flags = request.flags);
    return owned(bpf_program__attach_netfilter(program, &options));
}

/// Nothing for any other file, whether it is there or not: that would tell a guest what the file system
/// holds.
FileDescriptor open_cgroup(const std::string& path) {
    FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct statfs system{};
    const bool is_cgroup =
        folder && ::fstatfs(folder.get(), &system) == 0 && system.f_type == CGROUP2_SUPER_MAGIC;
    return is_cgroup ? std::move(folder) : FileDescriptor();
}

OrErrno<BpfLink> attach_iterator(bpf_program* program, const AttachRequest& request, const BpfPolicy&) {
    bpf_iter_link_info info{};
    FileDescriptor cgroup;
    if (request.map_fd >= 0) {
        info.map.map_fd = static_cast<std::uint32_t>(request.map_fd);
    } else if (!request.target.empty()) {
        cgroup = open_cgroup(request.target);
        if (!cgroup)
            return errno_error(ENOENT);
        info.cgroup.order = static_cast<bpf_cgroup_iter_order>(request.flags);
        info.cgroup.cgroup_fd = static_cast<std::uint32_t>(cgroup.get());
    } else if (request.pid > 0) {
        info.task.pid = static_cast<std::uint32_t>(request.pid);
    } else {
        return owned(bpf_program__attach_iter(program, nullptr));
    }
    LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof info);
    return owned(bpf_program__attach_iter(program, &options));
}

using Attach = OrErrno<BpfLink> (*)(bpf_program*, const AttachRequest&, const BpfPolicy&);

/// By enum ecc_attach_kind.
constexpr std::array<Attach, 15> kinds{
    attach_section,    attach_xdp,
    attach_cgroup,     attach_tc,
    attach_tracepoint, attach_raw_tracepoint,
    attach_kprobe,     attach_kprobe_multi,
    attach_uprobe,     attach_uprobe_multi,
    attach_usdt,       attach_perf_event,
    attach_netfilter,  attach_network_namespace,
    attach_iterator,
};
static_assert(kinds.size() == ECC_ATTACH_ITERATOR + 1);

OrErrno<BpfLink> attach(bpf_program* program, const AttachRequest& request, const BpfPolicy& policy) {
    // Hooks of a policy are FILE:FUNCTION: what it permitted must be the file that is opened.
    if (names_a_file(request.kind) && request.target.find(':') != request.target.npos)
        return errno_error(EINVAL);
    return request.kind < kinds.size() ? kinds[request.kind](program, request, policy) : errno_error(EINVAL);
}

/// " to eth0", as far as the request says.
std::string destination(const bpf_program* program, const AttachRequest& request) {
    if (request.kind == ECC_ATTACH_SECTION || request.target.empty())
        return fmt::format(" ({})", bpf_program__section_name(program));
    const auto* separator = request.function.empty() ? "" : ":";
    return fmt::format(" ({}) to {}{}{}", bpf_program__section_name(program), request.target, separator,
                       request.function);
}

} // namespace

OrErrno<BpfLink> attach_program(BpfObject& object, bpf_program* program, const AttachRequest& asked) {
    if (!object.loaded())
        return errno_error(EINVAL);
    // A skeleton attaches everything: what the object itself left out is passed over, as libbpf does.
    if (!bpf_program__autoload(program))
        return errno_error(EOPNOTSUPP);
    const auto& policy = object.policy();
    const auto request = apply_targets(policy.targets, facts_of(program), asked);
    LibbpfLog log;
    const LibbpfLogScope scope(log, &policy.listener);
    auto link = attach(program, request, policy);
    object.messages().append(log.text());
    // libbpf explains what the kernel does not have, and is silent where it was told too little.
    if (!link && link.error() == -EOPNOTSUPP && !log.text().empty())
        link = errno_error(ENOSYS);
    if (!link && link.error() != -EOPNOTSUPP) {
        if (!log.text().empty() && !policy.listener)
            policy.diagnostics->note(explain_load_failure(log.text()).details);
        policy.diagnostics->error(
            {Fault::environment, object.name(),
             fmt::format("program '{}'{} cannot be attached: {}", bpf_program__name(program),
                         destination(program, request), errno_text(-link.error())),
             attach_hint(bpf_program__type(program), -link.error())});
    }
    return link;
}

OrErrno<> set_attach_target(BpfObject& object, bpf_program* program, const bpf_program* target,
                            const std::string& function) {
    FileDescriptor kept;
    if (target != nullptr) {
        kept = FileDescriptor(::fcntl(bpf_program__fd(target), F_DUPFD_CLOEXEC, 0));
        if (!kept)
            return errno_error(bpf_program__fd(target) < 0 ? EINVAL : errno);
    }
    LibbpfLog log;
    const LibbpfLogScope scope(log, &object.policy().listener);
    const int error = bpf_program__set_attach_target(program, target == nullptr ? 0 : kept.get(),
                                                     function.empty() ? nullptr : function.c_str());
    object.messages().append(log.text());
    if (error == 0) {
        object.keep_target(program, std::move(kept));
        return {};
    }
    if (error != -EINVAL)
        object.policy().diagnostics->error(
            {Fault::environment, object.name(),
             fmt::format("program '{}' cannot be attached to '{}': {}", bpf_program__name(program), function,
                         errno_text(-linux_errno(error))),
             attach_hint(bpf_program__type(program), -linux_errno(error))});
    return errno_error(linux_errno(error));
}

OrErrno<BpfLink> attach_map(BpfObject& object, const bpf_map* map) {
    if (!object.loaded() || bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
        return errno_error(EINVAL);
    if (!bpf_map__autocreate(map))
        return errno_error(EOPNOTSUPP);
    LibbpfLog log;
    const LibbpfLogScope scope(log, &object.policy().listener);
    BpfLink::Owned link(bpf_map__attach_struct_ops(map));
    const int error = linux_errno(-errno);
    object.messages().append(log.text());
    if (!link) {
        object.policy().diagnostics->error({Fault::environment, object.name(),
                                            fmt::format("struct_ops map '{}' cannot be attached: {}",
                                                        bpf_map__name(map), errno_text(-error)),
                                            attach_hint(BPF_PROG_TYPE_STRUCT_OPS, -error)});
        return errno_error(error);
    }
    if (bpf_link__fd(link.get()) != bpf_map__fd(map))
        return BpfLink(std::move(link));
    std::vector<BpfLink::Owned> without_descriptor; // what libbpf gave it is the map's
    without_descriptor.push_back(std::move(link));
    return BpfLink(std::move(without_descriptor));
}

} // namespace ecc
