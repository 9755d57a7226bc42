// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Programs at sections that name a target, in the forms that libbpf knows.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name)                                                                                         \
    SEC(section)                                                                                                       \
    int name(void *context) {                                                                                          \
        return 0;                                                                                                      \
    }

PROGRAM("xdp", on_packet)
PROGRAM("tc/egress", on_egress)
PROGRAM("cgroup_skb/ingress", on_socket)
PROGRAM("uretprobe//bin/sh:read_line+16", on_read)
PROGRAM("kprobe/do_unlinkat+8", on_call)
PROGRAM("tp/sched/sched_switch", on_switch)
PROGRAM("usdt//bin/sh:sh:line", on_probe)

char LICENSE[] SEC("license") = "GPL";
