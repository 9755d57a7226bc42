// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "old_tool.h"

SEC("xdp")
int on_event(struct xdp_md *packet)
{
	report(packet->data_end - packet->data);
	return XDP_PASS;
}
