// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Calls a helper and functions of the kernel.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_rcu_read_lock___other(void) __ksym __weak;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} seen SEC(".maps");

SEC("tp_btf/sys_enter")
int on_enter(void* ctx) {
    bpf_rcu_read_lock();
    bpf_rcu_read_unlock();
    if (bpf_rcu_read_lock___other) {
        bpf_rcu_read_lock___other();
        bpf_rcu_read_unlock();
    }
    return bpf_get_smp_processor_id() == 0;
}
