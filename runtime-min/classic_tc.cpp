#include "runtime-min/classic_tc.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

namespace ecc {

namespace {

bpf_tc_hook libbpf_hook(int ifindex, int point) {
    return {.sz = sizeof(bpf_tc_hook),
            .ifindex = ifindex,
            .attach_point = static_cast<bpf_tc_attach_point>(point),
            .parent = 0};
}

OrErrno<std::uint32_t> program_id(int program_fd) {
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (::bpf_obj_get_info_by_fd(program_fd, &info, &size) != 0)
        return errno_error(errno);
    return info.id;
}

/// Every number is our choice, so that the janitor can be told before the filter is there. 0: attached.
int add_filter(const TcPlace& place, int program_fd) {
    const auto hook = libbpf_hook(place.ifindex, static_cast<int>(place.hook));
    LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd, .handle = place.handle,
                .priority = place.priority);
    return bpf_tc_attach(&hook, &options);
}

/// Where the kernel starts to choose, downwards (net/sched/cls_api.c, tcf_auto_prio).
constexpr std::uint32_t first_priority = 0xc000;
constexpr std::uint32_t most_tries = 256;

} // namespace

OrErrno<ClassicTcFilter> ClassicTcFilter::attach(int ifindex, TcHook hook, int program_fd,
                                                 std::uint32_t priority, Janitor& janitor) {
    auto qdisc = libbpf_hook(ifindex, static_cast<int>(hook));
    const int made = bpf_tc_hook_create(&qdisc);
    if (made != 0 && made != -EEXIST)
        return errno_error(made);
    ECC_TRY(const auto id, program_id(program_fd));
    TcPlace place{ifindex, hook, 1, priority != 0 ? priority : first_priority, id};
    for (std::uint32_t tries = 0; tries < most_tries; ++tries) {
        janitor.remember(place);
        const int error = add_filter(place, program_fd);
        if (error == 0)
            return ClassicTcFilter(place, janitor);
        janitor.forget(place);
        if (error != -EEXIST)
            return errno_error(error);
        if (priority != 0)
            ++place.handle;
        else
            --place.priority;
    }
    return errno_error(EEXIST);
}

bool remove_filter(const TcPlace& place) {
    const auto hook = libbpf_hook(place.ifindex, static_cast<int>(place.hook));
    LIBBPF_OPTS(bpf_tc_opts, found, .handle = place.handle, .priority = place.priority);
    if (bpf_tc_query(&hook, &found) != 0 || found.prog_id != place.program_id)
        return true;
    LIBBPF_OPTS(bpf_tc_opts, removed, .handle = place.handle, .priority = place.priority);
    return bpf_tc_detach(&hook, &removed) == 0;
}

ClassicTcFilter::~ClassicTcFilter() {
    if (place_.ifindex == 0)
        return;
    // After seal() only the janitor may.
    if (remove_filter(place_))
        janitor_->forget(place_);
}

} // namespace ecc
