// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Maps that programs read from outside.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

__u64 counter = 1;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(void *ctx)
{
	__u32 key = 0;

	counter++;
	bpf_map_lookup_elem(&table, &key);
	return 0;
}
