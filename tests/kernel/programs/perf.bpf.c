// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// getpgid(magic) sends one sample: its number and a text. getpgid(magic + 1) lets the user part read.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;
__u64 calls = 0;
__u64 reads = 0;

struct perf_message {
	__u64 number;
	char text[56];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} samples SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	struct perf_message sample = { .text = "through the perf buffer" };

	if (ctx->args[0] == magic + 1)
		reads++;
	if (ctx->args[0] != magic)
		return 0;
	sample.number = ++calls;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &sample, sizeof(sample));
	return 0;
}
