// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Asks for a pointer type, which is compared with what it points to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct;
typedef struct task_struct *task_pointer;

char LICENSE[] SEC("license") = "GPL";
unsigned long long answer = 0;

SEC("raw_tp/sys_enter")
int ask(void *ctx)
{
	answer = bpf_core_type_exists(task_pointer);
	return 0;
}
