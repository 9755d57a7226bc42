// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

static long add(__u32 index, __u64* sum) {
    *sum += index;
    return 0;
}

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    __u64 sum = 0;
    bpf_loop(10, add, &sum, 0);
    return sum == 45 ? report(sum) : 0;
}
