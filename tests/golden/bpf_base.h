// What a BPF program of the tests needs, without kernel or libbpf headers.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef int s32;
typedef long long s64;
typedef unsigned long size_t;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val)* name

enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_RINGBUF = 27 };

static void* (*const bpf_map_lookup_elem)(void* map, const void* key) = (void*)1;
static long (*const bpf_map_update_elem)(void* map, const void* key, const void* value, u64 flags) = (void*)2;
static void* (*const bpf_ringbuf_reserve)(void* map, u64 size, u64 flags) = (void*)131;
static void (*const bpf_ringbuf_submit)(void* data, u64 flags) = (void*)132;
static long (*const bpf_trace_printk)(const char* text, u32 size, ...) = (void*)6;
