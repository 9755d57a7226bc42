// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "old_tool.h"

SEC("lsm/file_open")
int on_event(void *context)
{
	report(1);
	return 0;
}
