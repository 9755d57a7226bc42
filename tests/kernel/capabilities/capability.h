// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// What the programs of this folder share: each reports an event when what it is named after has happened.
#pragma once

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
    __u64 value;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

static __always_inline int report(__u64 value) {
    struct event* event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (event) {
        event->value = value;
        bpf_ringbuf_submit(event, 0);
    }
    return 0;
}
