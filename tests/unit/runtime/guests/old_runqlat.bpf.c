// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// A histogram of how long threads waited for a processor, in a map that user space reads.
#include "old_tool.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} woken SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_exec, struct task_struct *task)
{
	__u32 thread = task->pid;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&woken, &thread, &now, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_event, _Bool preempted, struct task_struct *previous, struct task_struct *next)
{
	__u32 thread = next->pid, slot = 0;
	__u64 one = 1, *start = bpf_map_lookup_elem(&woken, &thread), *count;

	if (!start)
		return 0;
	for (__u64 waited = bpf_ktime_get_ns() - *start; slot < 63 && waited >> slot; slot++)
		;
	bpf_map_delete_elem(&woken, &thread);
	count = bpf_map_lookup_elem(&slots, &slot);
	if (count)
		/* What older clangs made of __sync_fetch_and_add; now that is an instruction of Linux 5.12. */
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	else
		bpf_map_update_elem(&slots, &slot, &one, BPF_ANY);
	return 0;
}
