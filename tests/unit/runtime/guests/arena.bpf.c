// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// An arena that is to be mapped at an address of its own choice, as it has where user programs share pointers.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, 33); // BPF_MAP_TYPE_ARENA
    __uint(map_flags, 1 << 10); // BPF_F_MMAPABLE
    __uint(max_entries, 16);
    __ulong(map_extra, 0x112233440000ull);
} arena SEC(".maps");

SEC("raw_tp/sys_enter")
int on_enter(void* ctx) {
    return ((struct { int id; }*)&arena)->id != 0 ? 0 : 1;
}
