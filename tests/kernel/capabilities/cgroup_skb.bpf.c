// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("cgroup_skb/egress")
int probe(struct __sk_buff* packet) {
    report(packet->len);
    return 1;
}
