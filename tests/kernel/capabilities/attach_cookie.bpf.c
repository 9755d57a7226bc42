// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("tp/sched/sched_process_exec")
int probe(void* context) {
    __u64 cookie = bpf_get_attach_cookie(context);
    return cookie == 42 ? report(cookie) : 0;
}
