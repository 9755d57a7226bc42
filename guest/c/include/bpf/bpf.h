/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps by descriptor, with the names of libbpf's <bpf/bpf.h>. A descriptor is what bpf_map__fd() returns: a handle of
 * the runtime, 2^30 or more, so never one of WASI's.
 *
 * Every function returns 0 or -errno and sets errno, in wasi-libc's numbers. Keys and values have the map's sizes; for
 * per-CPU maps a value is libbpf_num_possible_cpus() elements, each rounded up to 8 bytes.
 */
#ifndef ECC_BPF_BPF_H
#define ECC_BPF_BPF_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libbpf_common.h"
#include "libbpf_legacy.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No effect, returns 0: the runtime sees to its own limits. */
int libbpf_set_memlock_rlim(size_t memlock_bytes);

int bpf_map_lookup_elem(int fd, const void *key, void *value);
int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, __u64 flags);
int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags);
int bpf_map_delete_elem(int fd, const void *key);
int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags);
/* key NULL asks for the first key; -ENOENT after the last. */
int bpf_map_get_next_key(int fd, const void *key, void *next_key);

#ifdef __cplusplus
}
#endif

#endif /* ECC_BPF_BPF_H */
