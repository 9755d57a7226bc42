// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("sockops")
int probe(struct bpf_sock_ops* operation) {
    report(operation->op);
    return 1;
}
