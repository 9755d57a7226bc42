// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

extern struct task_struct* bpf_task_from_pid(s32 pid) __ksym;
extern void bpf_task_release(struct task_struct* task) __ksym;

SEC("tp_btf/sched_process_exec")
int BPF_PROG(probe, struct task_struct* task) {
    struct task_struct* found = bpf_task_from_pid(task->pid);
    if (!found)
        return 0;
    __u64 pid = found->pid;
    bpf_task_release(found);
    return report(pid);
}
