// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    struct task_struct* task = (struct task_struct*)bpf_get_current_task();
    return report(BPF_CORE_READ(task, real_parent, tgid));
}
