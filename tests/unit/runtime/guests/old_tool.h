/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
/* What the programs of old_tool.c share: a ring buffer that tells of what they were attached to. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 262144);
} events SEC(".maps");

static __always_inline void report(__u64 value)
{
	bpf_ringbuf_output(&events, &value, sizeof(value), 0);
}
