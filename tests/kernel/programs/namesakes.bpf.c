// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Records that only their members tell apart: `struct event` of the file, of a function and of another file, and one
// without a name.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;

struct event {
	__u32 of_file;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

static void *ring(void)
{
	return &records;
}

static void send_own(void)
{
	struct event {
		__u64 of_function, zero;
	} *event = bpf_ringbuf_reserve(&records, 16, 0);

	if (!event)
		return;
	event->of_function = 2;
	event->zero = 0;
	bpf_ringbuf_submit(event, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	struct event event = { .of_file = 1 };
	struct {
		__u64 of_nobody, one, two;
	} unnamed = { 3, 1, 2 };

	if (ctx->args[0] != magic)
		return 0;
	bpf_ringbuf_output(ring(), &event, 4, 0);
	send_own();
	for (int i = 0; i < 2; i++) {
		void *data = i ? (void *)&event : (void *)&unnamed;

		bpf_ringbuf_output(&records, data, i ? sizeof(event) : sizeof(unnamed), 0);
	}
	return 0;
}
