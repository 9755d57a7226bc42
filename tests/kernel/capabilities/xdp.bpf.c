// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("xdp")
int probe(struct xdp_md* context) {
    report(context->data_end - context->data);
    return XDP_PASS;
}
