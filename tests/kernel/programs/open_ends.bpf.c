// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Records that end with as many elements as there are, and reservations that are no records.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 magic = 0;

struct place {
	__s32 line;
	__u16 column;
};

struct places {
	__u64 of;
	struct place list[];
};

struct numbers {
	__u32 of;
	__s16 list[];
};

struct buffer {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct buffer all_places SEC(".maps");
struct buffer all_numbers SEC(".maps");
struct buffer times SEC(".maps");
struct buffer words SEC(".maps");

static void send_lists(void)
{
	struct places *places = bpf_ringbuf_reserve(&all_places, sizeof(*places) + 2 * sizeof(struct place), 0);

	if (!places)
		return;
	places->of = 1;
	places->list[0] = (struct place){ 2, 3 };
	places->list[1] = (struct place){ -4, 5 };
	bpf_ringbuf_submit(places, 0);

	struct numbers *numbers = bpf_ringbuf_reserve(&all_numbers, sizeof(*numbers) + 3 * sizeof(__s16), 0);

	if (!numbers)
		return;
	numbers->of = 6;
	numbers->list[0] = 7;
	numbers->list[1] = -8;
	numbers->list[2] = 9;
	bpf_ringbuf_submit(numbers, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	if (ctx->args[0] != magic)
		return 0;
	send_lists();

	char *word = bpf_ringbuf_reserve(&words, 16, 0);

	if (!word)
		return 0;
	word[0] = 'a';
	word[1] = 'b';
	word[2] = 0;
	bpf_ringbuf_submit(word, 0);

	__u64 *time = bpf_ringbuf_reserve(&times, sizeof(*time), 0);

	if (!time)
		return 0;
	*time = 10;
	bpf_ringbuf_submit(time, 0);
	return 0;
}
