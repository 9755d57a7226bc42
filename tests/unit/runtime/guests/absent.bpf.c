// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Asks for a type that the kernel itself does not have; a module may.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct of_another_world {
	int number;
};

char LICENSE[] SEC("license") = "GPL";
unsigned long long answer = 0;

SEC("raw_tp/sys_enter")
int ask(void *ctx)
{
	answer = bpf_core_type_exists(struct of_another_world);
	return 0;
}
