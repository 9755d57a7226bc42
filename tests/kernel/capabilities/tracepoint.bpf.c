// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("tp/sched/sched_process_exec")
int probe(void* context) {
    return report(1);
}
