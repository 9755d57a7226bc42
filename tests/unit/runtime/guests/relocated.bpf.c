// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Reads a member of a kernel type, and so must be fitted to the running kernel.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

char LICENSE[] SEC("license") = "GPL";
int last = 0;

SEC("raw_tp/sys_enter")
int read_task(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	last = BPF_CORE_READ(task, tgid);
	return 0;
}
