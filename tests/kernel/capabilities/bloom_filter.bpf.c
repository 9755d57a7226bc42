// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

struct {
    __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
    __uint(max_entries, 64);
    __type(value, __u32);
} seen SEC(".maps");

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    __u32 value = 7;
    bpf_map_push_elem(&seen, &value, BPF_ANY);
    return bpf_map_peek_elem(&seen, &value) ? 0 : report(value);
}
