// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Two optional programs and one that is not, counted by which of them getpgid() reaches.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

int calls[3];

SEC("tracepoint/syscalls/sys_enter_getpgid")
int always(void *ctx)
{
	calls[0] = 1;
	return 0;
}

SEC("?tracepoint/syscalls/sys_enter_getpgid")
int left_out(void *ctx)
{
	calls[1] = 1;
	return 0;
}

SEC("?tracepoint/syscalls/sys_enter_getpgid")
int asked_for(void *ctx)
{
	calls[2] = 1;
	return 0;
}
