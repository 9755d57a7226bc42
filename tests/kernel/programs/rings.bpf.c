// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Two ring buffers and globals of every section, driven by getpgid(magic).
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;
__u64 step = 1;
__u64 calls = 0;
__u64 sum = 0;

// Of a size that the kernel has to round up.
struct odd {
	__u32 number;
	char text[13];
} __attribute__((packed));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring_all SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8192);
} ring_even SEC(".maps");

static __always_inline void discard_one(void)
{
	struct odd *record = bpf_ringbuf_reserve(&ring_all, sizeof(*record), 0);

	if (record)
		bpf_ringbuf_discard(record, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	if (ctx->args[0] != magic)
		return 0;
	calls++;
	sum += step;
	discard_one();

	struct odd *record = bpf_ringbuf_reserve(&ring_all, sizeof(*record), 0);

	if (record) {
		record->number = calls;
		__builtin_memcpy(record->text, "twelve bytes", 13);
		bpf_ringbuf_submit(record, 0);
	}
	if (calls % 2)
		return 0;

	__u64 number = calls;

	bpf_ringbuf_output(&ring_even, &number, sizeof(number), 0);
	return 0;
}

// Loaded only if the user part asks for it; its section says nothing about where to attach.
SEC("?kprobe")
int optional(void *ctx)
{
	return 0;
}
