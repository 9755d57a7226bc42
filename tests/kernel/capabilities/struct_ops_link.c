// SPDX-License-Identifier: Apache-2.0
// Whether the kernel has a link for what it registers, which could be pinned: a name with a dot is refused then, and
// nothing stays.
#include <errno.h>
#include <stdio.h>

#include "struct_ops_link.skel.h"

int main(void) {
    struct struct_ops_link_bpf* skel = struct_ops_link_bpf__open_and_load();

    if (!skel || struct_ops_link_bpf__attach(skel) || bpf_link__pin(skel->links.probe, "/sys/fs/bpf/a.b") != -EPERM)
        return 1;
    printf("{\"value\":1}\n");
    struct_ops_link_bpf__destroy(skel);
    return 0;
}
