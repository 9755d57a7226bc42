// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("uprobe/libc.so.6:exit")
int probe(void* context) {
    return report(1);
}
