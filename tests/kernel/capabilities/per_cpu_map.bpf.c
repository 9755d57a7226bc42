// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    __u32 key = 1;
    __u64 one = 1;
    bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
    __u64* count = bpf_map_lookup_elem(&counts, &key);
    return count ? report(*count) : 0;
}
