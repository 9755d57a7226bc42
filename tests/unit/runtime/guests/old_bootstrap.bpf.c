// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Remembers when a process started and tells of it at its end.
#include "old_tool.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

SEC("tp/sched/sched_process_exec")
int on_exec(void *context)
{
	__u32 process = bpf_get_current_pid_tgid() >> 32;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&starts, &process, &now, BPF_ANY);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int on_event(void *context)
{
	__u32 process = bpf_get_current_pid_tgid() >> 32;
	__u64 *start = bpf_map_lookup_elem(&starts, &process);

	if (start) {
		report(bpf_ktime_get_ns() - *start);
		bpf_map_delete_elem(&starts, &process);
	}
	return 0;
}
