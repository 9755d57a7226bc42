// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "tests/golden/bpf_base.h"

enum mood { CALM, BUSY };

struct known {
    u32 id;
    u64 since;
};

struct unknown { // to the user part, if it has the header of `struct known` alone
    u8 kind;
    long value;
    enum mood mood;
    struct known at;
};

static const volatile u32 limit = 7;
const volatile u32 cap = 3;
/// How often anything ran.
static u64 calls;
static struct unknown last;
struct known first;
u16 on_enter_calls = 1;

static long weights[2] SEC(".data.weights") = {3, 4}; // with statics alone: libbpf does not map it into memory
static u8 mode SEC(".data.mixed") = 1;
u32 level SEC(".data.mixed") = 2;
u64 errors SEC(".bss.errors");
const volatile char greeting[8] SEC(".rodata.text") = "hello";

SEC("raw_tp/sys_enter")
int on_enter(void* ctx) {
    static u32 calls;
    static const char ____fmt[] = "text of bpf_printk()";
    {
        static u64 calls = 5;
        last.value = calls++;
    }
    bpf_trace_printk(____fmt, sizeof ____fmt);
    last.at = first;
    last.mood = BUSY;
    weights[0] += mode++ + greeting[0];
    return calls++ + limit + cap;
}

SEC("raw_tp/sys_exit")
int on_exit(void* ctx) {
    static u32 on_enter_calls;
    errors += level + weights[1];
    calls += last.kind;
    return on_enter_calls++;
}

char LICENSE[] SEC("license") = "GPL";
