// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Records with members of every kind, two types in one ring buffer, and no user part: one type is seen where a function
// of this file that hands out records is called, the other where it is sent from the stack.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum color { RED, GREEN = 5 };

/// @cmdarg {"help": "Only getpgid of this"}
const volatile __u64 magic = 0;
const volatile enum color shade = GREEN;
const volatile char label[8] = "label";
const volatile __s16 offset = -3;

struct point {
	__s16 x;
	__s16 y;
};

struct wide {
	__u64 big;
	__s64 negative;
	void *address;
	struct point at;
	enum color color;
	enum color unknown;
	__u32 low : 3;
	__u32 high : 5;
	__u8 list[3];
	bool yes;
	char label[8];
	struct point path[2];
};

struct brief {
	__s16 offset;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

static __always_inline void *new_record(__u64 size)
{
	return bpf_ringbuf_reserve(&records, size, 0);
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(struct trace_event_raw_sys_enter *ctx)
{
	if (ctx->args[0] != magic)
		return 0;

	struct brief brief = { .offset = offset };

	bpf_ringbuf_output(&records, &brief, sizeof(brief), 0);

	struct wide *wide = new_record(sizeof(*wide));

	if (!wide)
		return 0;
	__builtin_memset(wide, 0, sizeof(*wide));
	wide->big = 18446744073709551615ULL;
	wide->negative = -9007199254740993LL;
	wide->address = (void *)0xffff888000000000;
	wide->at.x = -1;
	wide->at.y = 2;
	wide->color = shade;
	wide->unknown = 9;
	wide->low = 5;
	wide->high = 17;
	wide->list[0] = 1;
	wide->list[2] = 255;
	wide->yes = true;
	for (int i = 0; i < 8; i++)
		wide->label[i] = label[i];
	wide->path[1].y = 7;
	bpf_ringbuf_submit(wide, 0);
	return 0;
}
