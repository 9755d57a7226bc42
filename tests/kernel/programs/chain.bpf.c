// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Programs that lead to each other: one calls a function that another replaces, one goes on in another.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

int answer(struct __sk_buff *skb);

__attribute__((noinline)) int answer(struct __sk_buff *skb)
{
	return skb->len ? 1 : 2;
}

SEC("tc")
int entry(struct __sk_buff *skb)
{
	return answer(skb);
}

SEC("?freplace/answer")
int other_answer(struct __sk_buff *skb)
{
	return 42;
}

SEC("tc")
int landing(struct __sk_buff *skb)
{
	return 9;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct __sk_buff *));
} jumps SEC(".maps") = {
	.values = {
		[1] = (void *)&landing,
	},
};

SEC("tc")
int jump(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, skb->len > 100);
	return 7;
}

SEC("?fentry/unknown_to_any_kernel")
int on_call(void *ctx)
{
	return 0;
}
