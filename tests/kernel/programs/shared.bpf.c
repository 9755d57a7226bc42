// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "shared.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

SEC("raw_tp") // only run by hand
int fill(void *ctx)
{
	struct shared *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 1;
	record->first = 1;
	record->number = -0x123456789abc;
	record->place = (typeof(record->place))0xffff888000001000;
	record->last = 'z';
	bpf_ringbuf_submit(record, 0);
	return 0;
}
