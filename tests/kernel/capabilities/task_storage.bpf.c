// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, __u64);
} seen SEC(".maps");

SEC("tp_btf/sched_process_exec")
int BPF_PROG(probe, struct task_struct* task) {
    __u64* value = bpf_task_storage_get(&seen, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    return value ? report(++*value) : 0;
}
