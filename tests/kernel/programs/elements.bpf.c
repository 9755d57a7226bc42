// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Maps whose elements the user part handles in batches, iterators over them, and a socket filter to run on a packet.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u64);
} queue SEC(".maps");

SEC("iter/bpf_map_elem")
int list_elements(struct bpf_iter__bpf_map_elem *ctx)
{
	const __u32 *key = ctx->key;
	const __u64 *value = ctx->value;

	if (key && value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u is %llu\n", *key, *value);
	return 0;
}

SEC("iter/bpf_map_elem")
int say_the_end(struct bpf_iter__bpf_map_elem *ctx)
{
	if (!ctx->key)
		BPF_SEQ_PRINTF(ctx->meta->seq, "the end\n");
	return 0;
}

SEC("socket")
int measure(struct __sk_buff *skb)
{
	return skb->len + 1000;
}
