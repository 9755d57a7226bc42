// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

const volatile __u32 start = 40;
__u64 seen;

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    seen++;
    return report(start + seen);
}
