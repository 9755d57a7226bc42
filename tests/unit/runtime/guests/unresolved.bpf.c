// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Reads a variable of the kernel that no kernel has.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern const int ecc_nowhere __ksym;

SEC("raw_tp/sys_enter")
int on_enter(void* ctx) {
    return ecc_nowhere;
}
