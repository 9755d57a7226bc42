// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("cgroup/connect4")
int probe(struct bpf_sock_addr* address) {
    report(address->user_port);
    return 1;
}
