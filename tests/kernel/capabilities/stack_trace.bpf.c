// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    __uint(max_entries, 64);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, 64 * sizeof(__u64));
} stacks SEC(".maps");

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    long id = bpf_get_stackid(context, &stacks, BPF_F_REUSE_STACKID);
    return id < 0 ? 0 : report(id);
}
