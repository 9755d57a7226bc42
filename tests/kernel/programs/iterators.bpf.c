// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Two iterators whose text is all that the package has to say: every process, and one line of its own sort.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("iter/task")
int processes(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && task->pid == task->tgid)
		BPF_SEQ_PRINTF(ctx->meta->seq, "pid\t%d \"%s\"\n", task->tgid, task->comm);
	return 0;
}

SEC("iter/bpf_prog")
int ends_without_a_newline(struct bpf_iter__bpf_prog *ctx)
{
	if (!ctx->prog)
		BPF_SEQ_PRINTF(ctx->meta->seq, "the %cend", 27);
	return 0;
}
