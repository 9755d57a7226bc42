// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// An iterator that writes records in place of text.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct row {
	__u32 pid;
	__u32 mark;
	char comm[16];
};

SEC("iter/task")
int rows(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct row row = { .mark = 0xfedcba98 };

	if (!task || task->pid != task->tgid)
		return 0;
	row.pid = task->tgid;
	bpf_probe_read_kernel_str(row.comm, sizeof(row.comm), task->comm);
	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}
