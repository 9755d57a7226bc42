// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// For every getpriority(magic, n), n records as fast as the kernel can make them, and how many that were. One alone wakes
// nobody.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST_AT_ONCE 1000

struct sys_enter {
	__u64 common;
	__s64 id;
	__u64 args[6];
};

char LICENSE[] SEC("license") = "GPL";

const volatile __u64 magic = 0;

struct {
	__u64 produced; // lost ones included
	__u64 lost;
} counts = {};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 262144);
} records SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_getpriority(struct sys_enter *ctx)
{
	__u64 count = ctx->args[1];

	if (ctx->args[0] != magic)
		return 0;
	for (__u32 i = 0; i < MOST_AT_ONCE && i < count; i++) {
		__u64 *record = bpf_ringbuf_reserve(&records, 64, 0);

		__sync_fetch_and_add(&counts.produced, 1);
		if (!record) {
			__sync_fetch_and_add(&counts.lost, 1);
			continue;
		}
		*record = i;
		bpf_ringbuf_submit(record, count == 1 ? BPF_RB_NO_WAKEUP : 0);
	}
	return 0;
}
