// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "tests/golden/bpf_base.h"

SEC("xdp")
int pass(void* ctx) {
    return 2;
}
