// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("sk_lookup")
int probe(struct bpf_sk_lookup* lookup) {
    report(lookup->local_port);
    return SK_PASS;
}
