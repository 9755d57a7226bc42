#include "runtime-min/classic_tc.h"

#include <bpf/libbpf.h>

namespace ecc {

namespace {

bpf_tc_hook libbpf_hook(int ifindex, int point) {
    return {.sz = sizeof(bpf_tc_hook),
            .ifindex = ifindex,
            .attach_point = static_cast<bpf_tc_attach_point>(point),
            .parent = 0};
}

} // namespace

OrErrno<ClassicTcFilter> ClassicTcFilter::attach(int ifindex, TcHook hook, int program_fd,
                                                 std::uint32_t priority) {
    auto place = libbpf_hook(ifindex, static_cast<int>(hook));
    const int made = bpf_tc_hook_create(&place);
    if (made != 0 && made != -EEXIST)
        return errno_error(made);
    LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd, .priority = priority);
    const int error = bpf_tc_attach(&place, &options);
    if (error != 0)
        return errno_error(error);
    return ClassicTcFilter(Place{ifindex, hook, options.handle, options.priority});
}

ClassicTcFilter::~ClassicTcFilter() {
    if (place_.ifindex == 0)
        return;
    const auto hook = libbpf_hook(place_.ifindex, static_cast<int>(place_.hook));
    LIBBPF_OPTS(bpf_tc_opts, options, .handle = place_.handle, .priority = place_.priority);
    bpf_tc_detach(&hook, &options);
}

} // namespace ecc
