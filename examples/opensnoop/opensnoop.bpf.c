// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Traces files that processes open. There is no user part: ecc makes one from the event's type and the flags below.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define NAME_SIZE 256

/// Trace files that processes open
char LICENSE[] SEC("license") = "Dual BSD/GPL";

/// @cmdarg {"short": "p", "help": "Only this process"}
const volatile __u32 targ_pid = 0;

/// @cmdarg {"short": "u", "help": "Only this user"}
const volatile __u32 targ_uid = 0xffffffff;

/// @cmdarg {"short": "x", "help": "Only attempts that failed"}
const volatile bool only_failed = false;

struct event {
	__u32 pid;
	__u32 uid;
	__s32 ret; // the new descriptor, or a negated errno
	__u32 flags;
	char comm[16];
	char fname[NAME_SIZE];
};

struct call {
	const char *fname;
	__u32 flags;
};

// Calls that began and have not returned, by thread.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static __always_inline int enter(const char *fname, __u32 flags)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = { fname, flags };

	if (targ_pid && targ_pid != thread >> 32)
		return 0;
	if (targ_uid != 0xffffffff && targ_uid != (__u32)bpf_get_current_uid_gid())
		return 0;
	bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
	return 0;
}

static __always_inline void report(const struct call *call, __u64 thread, long ret)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return;
	event->pid = thread >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
	event->ret = (__s32)ret;
	event->flags = call->flags;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	// The kernel has read the name by now, so it is in memory.
	if (bpf_probe_read_user_str(event->fname, sizeof(event->fname), call->fname) < 0)
		event->fname[0] = '\0';
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int leave(long ret)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &thread);

	if (!call)
		return 0;
	if (ret < 0 || !only_failed)
		report(call, thread, ret);
	bpf_map_delete_elem(&calls, &thread);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct trace_event_raw_sys_enter *ctx)
{
	return enter((const char *)ctx->args[1], ctx->args[2]);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int exit_openat(struct trace_event_raw_sys_exit *ctx)
{
	return leave(ctx->ret);
}
