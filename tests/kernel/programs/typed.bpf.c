// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// What the C++ skeleton has types for, driven by getpgid(magic): two record types in one ring buffer, samples of a perf
// buffer, elements, values per CPU and globals.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;
__u64 calls = 0;

struct number {
	__u32 value;
};

struct sentence {
	__u64 at;
	char text[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct sentence);
} sentences SEC(".maps");

// Smaller than the kernel's 8 bytes for each CPU.
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct number);
} per_cpu SEC(".maps");

static __always_inline void count_on_this_cpu(void)
{
	__u32 key = 0;
	struct number *count = bpf_map_lookup_elem(&per_cpu, &key);

	if (count)
		count->value++;
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	if (ctx->args[0] != magic)
		return 0;

	struct number number = { .value = ++calls };
	struct sentence sentence = { .at = 10 * calls, .text = "so it is" };

	count_on_this_cpu();
	bpf_map_update_elem(&sentences, &number.value, &sentence, BPF_ANY);
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &sentence, sizeof(sentence));
	bpf_ringbuf_output(&events, &number, sizeof(number), 0);
	bpf_ringbuf_output(&events, &sentence, sizeof(sentence), 0);
	return 0;
}

// Not loaded unless the user part asks for it; its section says nothing about where to attach.
SEC("?kprobe")
int optional(void *ctx)
{
	return 0;
}
