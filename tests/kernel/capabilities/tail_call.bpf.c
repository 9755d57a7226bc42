// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("raw_tp")
int landing(void* context) {
    return report(1);
}

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __array(values, int(void*));
} jumps SEC(".maps") = {
    .values = {(void*)&landing},
};

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    bpf_tail_call(context, &jumps, 0);
    return 0;
}
