// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// A struct_ops map, with as much of its struct as it takes.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct sock;

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sock);
	char name[16];
} __attribute__((preserve_access_index));

SEC("struct_ops")
__u32 threshold(__u64 *arguments)
{
	return 2;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops congestion = {
	.ssthresh = (void *)threshold,
	.name = "ecc_unit",
};

char LICENSE[] SEC("license") = "GPL";
