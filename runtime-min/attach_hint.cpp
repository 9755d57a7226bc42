#include "runtime-min/attach_hint.h"

#include "runtime-min/resource_hint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace ecc {

namespace {

constexpr ProgramType any_type = BPF_PROG_TYPE_UNSPEC;

struct Hint {
    int error;
    ProgramType type;
    std::string_view text;
};

/// The first that fits counts.
constexpr std::array hints{
    Hint{ENOENT, BPF_PROG_TYPE_TRACEPOINT,
         "a tracepoint of this kernel (ls /sys/kernel/tracing/events), or a kernel that has this one"},
    Hint{ENOENT, BPF_PROG_TYPE_RAW_TRACEPOINT,
         "a tracepoint of this kernel (ls /sys/kernel/tracing/events), or a kernel that has this one"},
    Hint{ENOENT, BPF_PROG_TYPE_KPROBE,
         "a function of this kernel (/proc/kallsyms), or for a uprobe a file and a symbol that exist"},
    Hint{ENOENT, any_type, "a target that exists"},
    Hint{ESRCH, BPF_PROG_TYPE_KPROBE,
         "functions of this kernel that may be probed (/sys/kernel/tracing/available_filter_functions)"},
    Hint{EADDRNOTAVAIL, BPF_PROG_TYPE_KPROBE,
         "a function whose name is unique in this kernel (/proc/kallsyms)"},
    Hint{EINVAL, BPF_PROG_TYPE_KPROBE,
         "a function that may be probed (/sys/kernel/tracing/available_filter_functions)"},
    Hint{EINVAL, BPF_PROG_TYPE_PERF_EVENT, "an event and a sample period that this machine offers"},
    Hint{EINVAL, BPF_PROG_TYPE_XDP, "an interface whose driver takes this program at its MTU (ip link)"},
    Hint{EINVAL, any_type, "a newer kernel, or another target: this kernel does not attach it there"},
    Hint{EPERM, any_type,
         "running ecc-run as root, or a kernel that is not locked down (/sys/kernel/security/lockdown)"},
    Hint{EACCES, BPF_PROG_TYPE_TRACEPOINT,
         "running ecc-run as root, or a lower /proc/sys/kernel/perf_event_paranoid"},
    Hint{EACCES, BPF_PROG_TYPE_KPROBE,
         "running ecc-run as root, or a lower /proc/sys/kernel/perf_event_paranoid"},
    Hint{EACCES, any_type, "running ecc-run as root"},
    Hint{ENODEV, any_type, "an interface or a device of this machine (ip link)"},
    Hint{EBUSY, BPF_PROG_TYPE_XDP, "detaching the program that is there first (ip link set dev IF xdp off)"},
    Hint{EEXIST, BPF_PROG_TYPE_XDP, "detaching the program that is there first (ip link set dev IF xdp off)"},
    Hint{EBUSY, any_type, "ending what is attached there already (bpftool link)"},
    Hint{EEXIST, any_type, "ending what is attached there already (bpftool link)"},
    Hint{ENOSYS, any_type, "a newer kernel, or one that is configured with this sort of attachment"},
    Hint{EOPNOTSUPP, any_type, "a kernel or a driver that supports this attachment"},
};

} // namespace

std::string attach_hint(ProgramType type, int error) {
    const auto fits = [&](const Hint& hint) {
        return hint.error == error && (hint.type == any_type || hint.type == type);
    };
    const auto found = std::ranges::find_if(hints, fits);
    return found == hints.end() ? resource_hint(error) : root_hint(std::string(found->text));
}

} // namespace ecc
