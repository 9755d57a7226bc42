// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Observes by its section, acts by a helper, and hides that in a function of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

__noinline int hidden(int number)
{
	return bpf_send_signal(number);
}

SEC("raw_tp/sys_enter")
int innocent(void *ctx)
{
	return hidden(0);
}
