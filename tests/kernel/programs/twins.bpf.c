// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Two types of one size in one ring buffer: nothing tells which of them a record is.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;

struct whole {
	__u64 number;
};

struct halves {
	__u32 low;
	__s32 high;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	struct whole whole = { .number = 7 };
	struct halves halves = { .low = 1, .high = -1 };

	if (ctx->args[0] != magic)
		return 0;
	bpf_ringbuf_output(&records, &whole, sizeof(whole), 0);
	bpf_ringbuf_output(&records, &halves, sizeof(halves), 0);
	return 0;
}
