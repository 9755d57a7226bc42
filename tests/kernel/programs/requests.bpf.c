// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Takes the orders and notes of its user part whenever that runs `drain`.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct order {
	__u64 price;
	__u32 count;
	char item[20];
};

struct note {
	__u32 value;
};

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} mixed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} answers SEC(".maps");

__u64 total = 0;
__u64 notes = 0;
char last_item[20] = "";

static long take_order(struct bpf_dynptr *sample, void *context)
{
	const struct order *order = bpf_dynptr_data(sample, 0, sizeof(*order));

	if (!order)
		return 0;
	total += order->price * order->count;
	__builtin_memcpy(last_item, order->item, sizeof(last_item));
	return 0;
}

static long take_any(struct bpf_dynptr *sample, void *context)
{
	const struct order *order = bpf_dynptr_data(sample, 0, sizeof(*order));
	const struct note *note = bpf_dynptr_data(sample, 0, sizeof(*note));

	if (order)
		total += order->price * order->count;
	else if (note)
		notes += note->value;
	return 0;
}

SEC("socket")
int drain_mixed(struct __sk_buff *skb)
{
	return bpf_user_ringbuf_drain(&mixed, take_any, NULL, 0);
}

SEC("socket")
int drain(struct __sk_buff *skb)
{
	return bpf_user_ringbuf_drain(&orders, take_order, NULL, 0);
}
