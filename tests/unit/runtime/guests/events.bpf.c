// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Tells of every getpriority(MAGIC, n): a call that nobody else makes, so that a test can count on its events.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAGIC 7777

struct event {
	__u64 number;
	__u32 size;
	__u8 tail[52]; // 64 bytes in all
};

struct sys_enter {
	__u64 common;
	__s64 id;
	__u64 args[6];
};

char LICENSE[] SEC("license") = "GPL";

const volatile __u64 add = 0;
__u64 seen = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} shown SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_getpriority(struct sys_enter *ctx)
{
	struct event event = {.number = ctx->args[1] + add, .size = sizeof(event)};
	__u32 key = 1;

	if (ctx->args[0] != MAGIC)
		return 0;
	seen++;
	__u64 *count = bpf_map_lookup_elem(&shown, &key);

	if (count)
		__sync_fetch_and_add(count, 1);
	// A discarded record between the others must not be seen.
	void *dropped = bpf_ringbuf_reserve(&events, 24, 0);

	if (dropped)
		bpf_ringbuf_discard(dropped, 0);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}
