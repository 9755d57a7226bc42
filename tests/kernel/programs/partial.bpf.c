// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Records that the source does not fully tell: cut off, several in one, and of a type that only the running program
// knows.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;

struct command {
	__u32 count;
	char line[60];
};

struct pair {
	__u32 a, b;
};

struct number {
	__u64 value;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} commands SEC(".maps"), numbers SEC(".maps");

struct parcel {
	void *data;
};

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	struct command command = { .count = 2, .line = "ls -l" };
	struct pair pair = { 1, 0 };
	struct number number = { 7 };
	struct parcel parcel = { &pair };

	if (ctx->args[0] != magic)
		return 0;
	bpf_ringbuf_output(&commands, &command, sizeof(command.count) + 3, 0);
	bpf_ringbuf_output(&commands, &command, 2, 0);
	bpf_ringbuf_output(&numbers, &number, sizeof(number), 0);
	bpf_ringbuf_output(&numbers, parcel.data, 8, 0);
	bpf_ringbuf_output(&numbers, parcel.data, 4, 0);
	return 0;
}
