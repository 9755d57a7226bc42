// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "tests/golden/bpf_base.h"

struct class {
    int new;
    int errno;
    int __pad0;
    u64 private;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, struct class);
    __type(value, u32);
} bss SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} template SEC(".maps");

struct class namespace;
const volatile int json = 0;
u8 first;
u64 _Alignas(64) aligned;

SEC("raw_tp/sched_switch")
int operator(void* ctx) {
    struct class* record = bpf_ringbuf_reserve(&template, sizeof *record, 0);
    if (record)
        bpf_ringbuf_submit(record, 0);
    bpf_map_update_elem(&bss, &namespace, &namespace, 0);
    return first + aligned + json;
}

char LICENSE[] SEC("license") = "GPL";
