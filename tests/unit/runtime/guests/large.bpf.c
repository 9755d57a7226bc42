// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Takes memory as soon as it is open.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

const volatile char constants[1 << 18] = {1};
char zeros[1 << 18];

SEC("socket")
int look(struct __sk_buff *skb)
{
	return constants[5] + zeros[6];
}
