// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("struct_ops")
u32 BPF_PROG(probe_ssthresh, struct sock* sk) {
    return 2;
}

SEC("struct_ops")
void BPF_PROG(probe_cong_avoid, struct sock* sk, u32 ack, u32 acked) {
}

SEC("struct_ops")
u32 BPF_PROG(probe_undo_cwnd, struct sock* sk) {
    return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops probe = {
    .ssthresh = (void*)probe_ssthresh,
    .cong_avoid = (void*)probe_cong_avoid,
    .undo_cwnd = (void*)probe_undo_cwnd,
    .name = "ecc_probe",
};
