// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern const volatile __u64 magic;

struct event {
	char of_other_file[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} others SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid_too(struct trace_event_raw_sys_enter *ctx)
{
	struct event event = { "other" };

	if (ctx->args[0] == magic)
		bpf_ringbuf_output(&others, &event, sizeof(event), 0);
	return 0;
}
