// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// TCP congestion controls that nobody chooses: they show in the kernel's list while they are attached.
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("struct_ops")
u32 BPF_PROG(test_ssthresh, struct sock* sk) {
    return 2;
}

SEC("struct_ops")
void BPF_PROG(test_cong_avoid, struct sock* sk, u32 ack, u32 acked) {
}

SEC("struct_ops")
u32 BPF_PROG(test_undo_cwnd, struct sock* sk) {
    return 2;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops test_congestion = {
    .ssthresh = (void*)test_ssthresh,
    .cong_avoid = (void*)test_cong_avoid,
    .undo_cwnd = (void*)test_undo_cwnd,
    .name = "ecc_test",
};

// The same without a link of the kernel's.
SEC(".struct_ops")
struct tcp_congestion_ops plain_congestion = {
    .ssthresh = (void*)test_ssthresh,
    .cong_avoid = (void*)test_cong_avoid,
    .undo_cwnd = (void*)test_undo_cwnd,
    .name = "ecc_plain",
};
