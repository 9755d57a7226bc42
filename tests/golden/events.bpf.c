// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "tests/golden/bpf_base.h"

enum outcome { OPENED, FAILED = -1 };
enum small { ONE, TWO } __attribute__((packed));

struct place {
    u32 line;
    u16 column;
};

struct event {
    u32 pid;
    u64 started;
    char comm[16];
    unsigned char address[6];
    enum outcome outcome;
    enum small small;
    _Bool child;
    void* stack;
    long result;
    u32 low : 4;
    u32 high : 12;
    struct place places[2];
    union {
        u32 code;
        struct {
            u16 minor_code;
            u16 major_code;
        };
    };
    union {
        u64 number;
        u8 bytes[8];
    } detail;
    double ratio;
    char arguments[3][8];
    unsigned __int128 wide;
};

typedef struct {
    u32 length;
    char text[];
} message_t;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, u32);
    __type(value, struct place);
} places SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(
        value, struct {
            u64 count;
            u8 kind;
        });
} totals SEC(".maps");

const volatile u64 min_duration_ns = 0;
const volatile _Bool verbose = 0;
const volatile char target_comm[16] = "";
const volatile enum outcome only = OPENED;
const volatile s32 offset_by = -1;
const volatile struct place origin = {};
const volatile u32 table[4] = {};
const volatile float scale = 1;
static const volatile u32 hidden = 3;

u64 total;
struct event* last;
static u32 seen;
message_t* unused_message;
long many[2] = {1, 2};
u32 in_custom SEC(".data.custom") = 4;

SEC("tracepoint/syscalls/sys_enter_openat")
int handle_open(void* ctx) {
    struct event* event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
    if (!event)
        return 0;
    event->pid = seen++ + hidden;
    event->started = total + min_duration_ns + many[0] + in_custom + (u64)last + (u64)unused_message;
    event->child = verbose + only + offset_by + origin.line + table[1] + target_comm[2] + *(const volatile u32*)&scale;
    bpf_ringbuf_submit(event, 0);
    return 0;
}

SEC("?kprobe/do_exit")
int handle_exit(void* ctx) {
    u32 key = 0;
    return bpf_map_lookup_elem(&places, &key) != bpf_map_lookup_elem(&totals, &key);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
