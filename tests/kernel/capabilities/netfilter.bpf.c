// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("netfilter")
int probe(struct bpf_nf_ctx* context) {
    report(1);
    return 1;
}
