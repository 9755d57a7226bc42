// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("uprobe.multi/libc.so.6:exi*")
int probe(void* context) {
    return report(1);
}
