// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("lsm.s/file_open")
int probe(void* context) {
    return report(1);
}
