// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "old_tool.h"

SEC("uprobe/libc.so.6:exit")
int on_event(void *context)
{
	report(bpf_get_current_pid_tgid());
	return 0;
}
