// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Writes records to a ring buffer of a test: one at once, and one that stays unfinished until the memory that the
// program reads meanwhile can be read.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct wanted {
	__u64 number;
	__u64 address;
};

// As the records of events.bpf.c.
struct event {
	__u64 number;
	__u64 rest[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("syscall")
int write_record(struct wanted *wanted)
{
	struct event event = {.number = wanted->number};

	return bpf_ringbuf_output(&events, &event, sizeof(event), 0) != 0;
}

SEC("syscall")
int hold_record(struct wanted *wanted)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	__u64 text;

	if (!event)
		return 1;
	event->number = wanted->number;
	bpf_copy_from_user(&text, sizeof(text), (void *)wanted->address);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
