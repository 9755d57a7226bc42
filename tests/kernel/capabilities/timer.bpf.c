// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

struct deadline {
    struct bpf_timer timer;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct deadline);
} deadlines SEC(".maps");

static int ring(void* map, __u32* key, struct deadline* deadline) {
    return report(1);
}

SEC("tc")
int probe(struct __sk_buff* packet) {
    __u32 key = 0;
    struct deadline* deadline = bpf_map_lookup_elem(&deadlines, &key);
    if (!deadline)
        return 0;
    bpf_timer_init(&deadline->timer, &deadlines, 1 /* CLOCK_MONOTONIC */);
    bpf_timer_set_callback(&deadline->timer, ring);
    bpf_timer_start(&deadline->timer, 1000, 0);
    return 0;
}
