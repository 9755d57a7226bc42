// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// A map that asks to be pinned by name, and a program that does nothing.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} kept SEC(".maps");

SEC("raw_tp/sys_enter")
int nothing(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
