// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Sums the requests of its user part: in runs that the user part asks for, and at getpriority(MAGIC, n).
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAGIC 7778

struct request {
	__u64 amount;
	__u32 weight;
};

struct sys_enter {
	__u64 common;
	__s64 id;
	__u64 args[6];
};

char LICENSE[] SEC("license") = "GPL";

__u64 sum = 0;

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static long take(struct bpf_dynptr *dynptr, void *context)
{
	const struct request *request = bpf_dynptr_data(dynptr, 0, sizeof(*request));

	if (request)
		sum += request->amount * request->weight;
	return 0;
}

SEC("socket")
int drain(struct __sk_buff *skb)
{
	return bpf_user_ringbuf_drain(&requests, take, NULL, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_getpriority(struct sys_enter *ctx)
{
	if (ctx->args[0] == MAGIC)
		bpf_user_ringbuf_drain(&requests, take, NULL, 0);
	return 0;
}
