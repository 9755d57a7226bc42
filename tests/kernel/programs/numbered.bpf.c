// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// For every getpriority(magic, n), the next n numbers, a record each.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MOST_AT_ONCE 1000

char LICENSE[] SEC("license") = "GPL";

const volatile __u64 magic = 0;
__u64 next = 0;

struct record {
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_getpriority(struct trace_event_raw_sys_enter *ctx)
{
	__u64 count = ctx->args[1];

	if (ctx->args[0] != magic)
		return 0;
	for (__u32 i = 0; i < MOST_AT_ONCE && i < count; i++) {
		struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

		if (!record)
			return 0;
		record->number = next++;
		bpf_ringbuf_submit(record, 0);
	}
	return 0;
}
