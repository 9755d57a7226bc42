// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// What the first runtimes of the older interface had trouble with: two ring buffers, a large record, a perf event array, a
// per-CPU array, global variables. Every getpriority(MAGIC, n) writes to all of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAGIC 7777

struct sys_enter {
	__u64 common;
	__s64 id;
	__u64 args[6];
};

char LICENSE[] SEC("license") = "GPL";

__u64 seen = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} first SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

static void write_small(void *ring, __u64 number)
{
	__u64 *record = bpf_ringbuf_reserve(ring, 64, 0);

	if (!record)
		return;
	*record = number;
	bpf_ringbuf_submit(record, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_getpriority(struct sys_enter *ctx)
{
	__u64 sample[32] = {0};
	__u32 key = 0;

	if (ctx->args[0] != MAGIC)
		return 0;
	seen++;
	__u32 *count = bpf_map_lookup_elem(&per_cpu, &key);

	if (count)
		++*count;
	write_small(&first, ctx->args[1]);

	__u64 *large = bpf_ringbuf_reserve(&second, 8000, 0);

	if (large) {
		large[0] = ctx->args[1];
		large[999] = 999;
		bpf_ringbuf_submit(large, 0);
	}
	sample[0] = ctx->args[1];
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, sample, sizeof(sample));
	return 0;
}
