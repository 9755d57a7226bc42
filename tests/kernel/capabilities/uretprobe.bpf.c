// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("uretprobe/libc.so.6:getenv")
int probe(void* context) {
    return report(1);
}
