// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("tc")
int probe(struct __sk_buff* packet) {
    report(packet->len);
    return 0;
}
