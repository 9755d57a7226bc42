// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Programs that only observe, of kinds that take different settings.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("tracepoint/syscalls/sys_enter_getpriority")
int on_call(void *context)
{
	return 0;
}

SEC("tp_btf/sys_enter")
int on_enter(void *context)
{
	return 0;
}

SEC("kprobe/do_unlinkat")
int on_unlink(void *context)
{
	return 0;
}

SEC("iter/task")
int on_tasks(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
