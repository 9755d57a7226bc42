// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// In a perf event array, as the first tools of this kind had it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_execve")
int on_event(void *context)
{
	char name[16];

	bpf_get_current_comm(name, sizeof(name));
	return bpf_perf_event_output(context, &events, BPF_F_CURRENT_CPU, name, sizeof(name));
}
