// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Calls what is a variable: libbpf would write the number of a kernel function there, which the variable's place decides.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern char CONFIG_CC_VERSION_TEXT[4001] __kconfig;

SEC("raw_tp/sys_enter")
int on_enter(void* ctx) {
    asm volatile("call CONFIG_CC_VERSION_TEXT" ::: "r0", "r1", "r2", "r3", "r4", "r5");
    return CONFIG_CC_VERSION_TEXT[0];
}
