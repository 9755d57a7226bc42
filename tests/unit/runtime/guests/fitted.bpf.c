// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Every kind of relocation to the kernel's types that does not ask for a type's number or shape: of members in members, arrays,
// anonymous unions and bit fields, of members that are not there, by name, typedef and flavour, of enumerators and sizes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

typedef unsigned long long u64;
#define fitted __attribute__((preserve_access_index))

struct list_head {
	struct list_head *next;
} fitted;

struct sched_entity {
	u64 vruntime;
} fitted;

struct task_struct {
	int tgid;
	int on_cpu;
	char comm[16];
	unsigned int in_execve : 1;
	struct sched_entity se;
	struct list_head tasks;
	struct task_struct *real_parent;
	int nobody_has_this;
} fitted;

struct task_struct___before {
	long state;
} fitted;

struct sk_buff {
	union {
		struct {
			struct sk_buff *next;
			struct sk_buff *prev;
		};
	};
	unsigned char pkt_type : 3;
	unsigned int len;
} fitted;

typedef struct {
	int counter;
} fitted atomic_t;

struct page {
	unsigned long flags;
	atomic_t _refcount;
} fitted;

enum bpf_map_type___later {
	BPF_MAP_TYPE_ARRAY___later = 2,
	BPF_MAP_TYPE_OF_ANOTHER_WORLD___later = 999,
};

char LICENSE[] SEC("license") = "GPL";
u64 sum = 0;

SEC("raw_tp/sys_enter")
int members(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct___before *before = (void *)task;
	struct sk_buff *buffer = (void *)task;
	struct page *page = (void *)task;

	sum += BPF_CORE_READ(task, real_parent, tgid) + BPF_CORE_READ(task, se.vruntime);
	sum += (u64)BPF_CORE_READ(task, tasks.next) + BPF_CORE_READ(task, comm[3]);
	sum += BPF_CORE_READ_BITFIELD_PROBED(task, in_execve) + BPF_CORE_READ_BITFIELD_PROBED(buffer, pkt_type);
	sum += (u64)BPF_CORE_READ(buffer, prev) + BPF_CORE_READ(page, _refcount.counter);
	if (bpf_core_field_exists(task->nobody_has_this))
		sum += BPF_CORE_READ(task, nobody_has_this);
	if (bpf_core_field_exists(before->state))
		sum += BPF_CORE_READ(before, state);
	sum += bpf_core_field_size(task->comm) + bpf_core_field_offset(buffer->len);
	return 0;
}

SEC("raw_tp/sys_exit")
int types(void *ctx)
{
	sum += bpf_core_type_exists(struct sk_buff) + bpf_core_type_size(struct task_struct) + bpf_core_type_size(atomic_t);
	sum += bpf_core_enum_value_exists(enum bpf_map_type___later, BPF_MAP_TYPE_OF_ANOTHER_WORLD___later);
	sum += bpf_core_enum_value(enum bpf_map_type___later, BPF_MAP_TYPE_ARRAY___later);
	sum += bpf_core_type_id_local(struct sched_entity);
	return 0;
}
