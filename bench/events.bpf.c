// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// getpgid(magic) writes `count` records to the ring buffer and wakes nobody. The settings are a map, because programs for
// the older interface have no constants.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct settings {
	__u64 magic;
	__u32 count;
	__u32 large;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct settings);
} settings SEC(".maps");

struct record {
	__u64 number;
	__u64 filler[7];
};

struct large_record {
	__u64 number;
	__u64 filler[127];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

static long write_record(__u32 index, void *context)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 1;
	record->number = index;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

static long write_large_record(__u32 index, void *context)
{
	struct large_record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 1;
	record->number = index;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	__u32 key = 0;
	const struct settings *wanted = bpf_map_lookup_elem(&settings, &key);

	if (!wanted || ctx->args[0] != wanted->magic)
		return 0;
	if (wanted->large)
		bpf_loop(wanted->count, write_large_record, NULL, 0);
	else
		bpf_loop(wanted->count, write_record, NULL, 0);
	return 0;
}
