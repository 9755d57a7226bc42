// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Reports when processes begin to execute a program and when they end.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bootstrap.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

// Set by the user part before loading. With a minimum, only ends of processes that lived so long are reported.
const volatile __u64 min_duration_ns = 0;

// Events for which there was no room.
__u64 lost = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} exec_start SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static __always_inline struct event *reserve(enum event_kind kind, __u32 pid)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (!event) {
		__sync_fetch_and_add(&lost, 1);
		return NULL;
	}
	event->kind = kind;
	event->pid = pid;
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	event->exit_code = 0;
	event->duration_ns = 0;
	event->filename[0] = '\0';
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	return event;
}

SEC("tp/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&exec_start, &pid, &now, BPF_ANY);
	if (min_duration_ns)
		return 0;

	struct event *event = reserve(EVENT_EXEC, pid);

	if (!event)
		return 0;

	// The low half of __data_loc is where the string lies in the record.
	unsigned int offset = ctx->__data_loc_filename & 0xffff;

	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename), (void *)ctx + offset);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 pid = id >> 32;

	if (pid != (__u32)id) // one thread of several
		return 0;

	__u64 *start = bpf_map_lookup_elem(&exec_start, &pid);
	__u64 duration = start ? bpf_ktime_get_ns() - *start : 0;

	bpf_map_delete_elem(&exec_start, &pid);
	if (min_duration_ns && (!start || duration < min_duration_ns))
		return 0;

	struct event *event = reserve(EVENT_EXIT, pid);
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (!event)
		return 0;
	event->exit_code = (BPF_CORE_READ(task, exit_code) >> 8) & 0xff;
	event->duration_ns = duration;
	bpf_ringbuf_submit(event, 0);
	return 0;
}
