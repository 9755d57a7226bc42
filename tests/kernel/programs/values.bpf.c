// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Values that user parts in every language print: a record, a map's element and globals of every kind of
// member, what the kernel is, and a struct_ops map.
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum colour { RED = 1, BLUE = -2 };
enum size { SMALL = 1, HUGE = 0x123456789abcdef0 };
enum tiny { LEAST, MOST = 200 } __attribute__((packed));

struct odd {
    u8 bytes[3];
};

struct packed {
    u8 kind;
    u32 number;
    u64 wide;
} __attribute__((packed));

struct half {
    u32 first;
    u16 second;
    u8 third;
} __attribute__((packed, aligned(2)));

struct item {
    u16 key;
    u8 value;
};

struct every {
    u8 first;
    long number;
    unsigned long address;
    void* pointer;
    struct task_struct* task;
    char __attribute__((btf_type_tag("user"))) * text_of_user;
    u32 low : 3;
    u32 middle : 17;
    u32 high : 12;
    s32 negative : 5;
    bool flag : 1;
    u64 wide_bits : 40;
    long long_bits : 33;
    enum colour colour_bits : 4;
    enum colour colour;
    enum size size;
    enum tiny tiny;
    bool yes;
    char text[13];
    u8 bytes[5];
    struct odd odd[2];
    struct packed packed;
    struct half half;
    union {
        u32 code;
        struct {
            u16 minor;
            u16 major;
        };
    };
    struct {
        union {
            u64 either;
            u8 parts[8];
        };
        s16 last;
    } inner;
    float ratio;
    u16 matrix[2][3];
    u8 class;
    u8 new;
    u8 private;
    u8 type;
    u8 func;
    u8 match;
    u16 count;
    struct item items[];
};

struct wide {
    u8 first;
    unsigned __int128 positive;
    __int128 negative;
    u16 last;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} records SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, struct odd);
    __type(value, struct wide);
} wides SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(value, struct odd);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 2);
    __type(value, struct item);
} queue SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK);
    __uint(max_entries, 2);
    __type(value, struct item);
} stack SEC(".maps");

extern int LINUX_KERNEL_VERSION __kconfig;
extern unsigned long CONFIG_HZ __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;

const volatile long addend = 1;
struct packed last_packed;
u32 turns = 1; // so that libbpf maps .data into memory, with the static of a function
static u32 calls;
long sums[2] SEC(".data.sums") = {-1, 1};
static long tries SEC(".data.tries") = 70; // with statics alone: an element, and not memory
static u32 more_tries SEC(".data.tries") = 80;

static void fill_scalars(struct every* e) {
    e->first = 0xf1;
    e->number = -2;
    e->address = 0xfedcba9876543210;
    e->pointer = (void*)0xffff800000001000;
    e->task = (void*)0xffff888000002000;
    e->text_of_user = (void*)0x7fff00003000;
    e->colour = BLUE;
    e->size = HUGE;
    e->tiny = MOST;
    e->yes = true;
    __builtin_memcpy(e->text, "twelve chars", 13);
    __builtin_memcpy(e->bytes, "\1\2\3\4\5", 5);
    e->class = 1;
    e->new = 2;
    e->private = 3;
    e->type = 4;
    e->func = 5;
    e->match = 6;
}

static void fill_bits(struct every* e) {
    e->low = 5;
    e->middle = 0x1abcd;
    e->high = 0xabc;
    e->negative = -11;
    e->flag = true;
    e->wide_bits = 0xa123456789;
    e->long_bits = -0xabcdef01L;
    e->colour_bits = BLUE;
}

static void fill_parts(struct every* e) {
    __builtin_memcpy(e->odd, "\6\7\10\11\12\13", 6);
    e->packed.kind = 7;
    e->packed.number = 0x89abcdef;
    e->packed.wide = 0x0123456789abcdef;
    e->half.first = 0x11223344;
    e->half.second = 0x5566;
    e->half.third = 0x77;
    e->minor = 0x1234;
    e->major = 0x5678;
    e->inner.either = 0x0807060504030201;
    e->inner.last = -300;
    *(volatile u32*)&e->ratio = 0xbfa00000; // -1.25
    for (u16 i = 0; i < 6; i++)
        e->matrix[i / 3][i % 3] = 1000 + i;
    e->count = 3;
    for (u16 i = 0; i < 3; i++) {
        e->items[i].key = 500 + i;
        e->items[i].value = 5 + i;
    }
}

static void change_globals(void) {
    static u32 own = 40;

    last_packed.kind = 8;
    last_packed.number = ++own + ++calls;
    last_packed.wide = addend;
    sums[0] += addend;
    sums[1] -= addend;
    tries += addend;
    more_tries++;
    turns++;
    if (!LINUX_KERNEL_VERSION || !CONFIG_HZ || !CONFIG_BPF_SYSCALL || CONFIG_NO_SUCH_OPTION)
        sums[0] = 0;
}

static void fill_queues(void) {
    for (int i = 0; i < 2; i++) {
        struct item item = {.key = i, .value = 10 + i};

        bpf_map_push_elem(&queue, &item, 0);
        bpf_map_push_elem(&stack, &item, 0);
    }
}

SEC("raw_tp") // only run by hand
int fill(void* ctx) {
    struct wide wide = {
        .first = 9,
        .positive = ((unsigned __int128)0xf123456789abcdef << 64) | 0xfedcba9876543210,
        .negative = -5,
        .last = 0xabcd,
    };
    struct odd key = {.bytes = {1, 2, 3}};
    u32 zero = 0;
    struct odd* count = bpf_map_lookup_elem(&counts, &zero);
    struct every* e = bpf_ringbuf_reserve(&records, sizeof *e + 3 * sizeof(struct item), 0);

    if (!e)
        return 1;
    fill_scalars(e);
    fill_bits(e);
    fill_parts(e);
    bpf_ringbuf_submit(e, 0);
    if (count)
        count->bytes[1] += 2;
    change_globals();
    fill_queues();
    return bpf_map_update_elem(&wides, &key, &wide, 0);
}

SEC("struct_ops")
u32 BPF_PROG(ssthresh, struct sock* sk) {
    return 2;
}

SEC("struct_ops")
void BPF_PROG(cong_avoid, struct sock* sk, u32 ack, u32 acked) {}

SEC("struct_ops")
u32 BPF_PROG(undo_cwnd, struct sock* sk) {
    return 2;
}

// Complete, and known by the name that is asked for, with what the guests say before load.
SEC(".struct_ops.link")
struct tcp_congestion_ops congestion = {
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .name = "ecc_source",
};

char LICENSE[] SEC("license") = "GPL";
