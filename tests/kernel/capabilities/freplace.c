// SPDX-License-Identifier: Apache-2.0
// Loads one program, replaces a function of it with another, and prints what it returns while that lasts.
#include <bpf/bpf.h>
#include <stdio.h>

#include "freplace.skel.h"

static int returned(const struct bpf_program* program) {
    static char packet[64], out[128];
    LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet), .data_out = out,
                .data_size_out = sizeof(out));
    return bpf_prog_test_run_opts(bpf_program__fd(program), &opts) ? -1 : (int)opts.retval;
}

int main(void) {
    struct freplace_bpf *target = freplace_bpf__open(), *replacement = freplace_bpf__open();

    if (!target || !replacement)
        return 1;
    bpf_program__set_autoload(target->progs.entry, true);
    if (freplace_bpf__load(target) || returned(target->progs.entry) != 1)
        return 2;

    int fd = bpf_program__fd(target->progs.entry);
    bpf_program__set_autoload(replacement->progs.probe, true);
    if (bpf_program__set_attach_target(replacement->progs.probe, fd, "answer") || freplace_bpf__load(replacement))
        return 3;

    struct bpf_link* link = bpf_program__attach(replacement->progs.probe);
    int answer = returned(target->progs.entry);

    bpf_link__destroy(link);
    if (answer != 42 || returned(target->progs.entry) != 1)
        return 4;
    printf("{\"value\":%d}\n", answer);
    return 0;
}
