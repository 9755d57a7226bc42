// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "old_tool.h"

SEC("sockops")
int on_event(struct bpf_sock_ops *operation)
{
	report(operation->op);
	return 1;
}
