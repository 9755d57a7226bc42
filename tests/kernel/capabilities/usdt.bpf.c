// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"
#include <bpf/usdt.bpf.h>

SEC("usdt")
int BPF_USDT(probe, int value) {
    return report(value);
}
