// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "capability.h"

SEC("raw_tp/sched_process_exec")
int probe(void* context) {
    struct bpf_dynptr record;
    __u64 value = 9;
    bpf_ringbuf_reserve_dynptr(&events, sizeof(struct event), 0, &record);
    bpf_dynptr_write(&record, 0, &value, sizeof(value), 0);
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}
