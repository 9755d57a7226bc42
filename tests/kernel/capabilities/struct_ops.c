// SPDX-License-Identifier: Apache-2.0
// Registers a TCP congestion control that nobody chooses.
#include <stdio.h>

#include "struct_ops.skel.h"

int main(void) {
    struct struct_ops_bpf* skel = struct_ops_bpf__open_and_load();

    if (!skel || struct_ops_bpf__attach(skel))
        return 1;
    printf("{\"value\":1}\n");
    struct_ops_bpf__destroy(skel);
    return 0;
}
