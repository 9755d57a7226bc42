// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Asks for the number of a kernel type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int tgid;
};

char LICENSE[] SEC("license") = "GPL";
unsigned long long answer = 0;

SEC("raw_tp/sys_enter")
int ask(void *ctx)
{
	answer = bpf_core_type_id_kernel(struct task_struct);
	return 0;
}
