// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

// A uprobe by what the operator sets.
SEC("kprobe")
int probe(void* context) {
    return report(1);
}
