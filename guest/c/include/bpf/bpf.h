/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps, programs and links by descriptor, with the names of libbpf's <bpf/bpf.h>. A descriptor is what bpf_map__fd(),
 * bpf_program__fd() and bpf_link__fd() return: a handle of the runtime, 2^30 or more, so never one of WASI's.
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
int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value);
int bpf_map_lookup_and_delete_elem_flags(int fd, const void *key, void *value, __u64 flags);
int bpf_map_delete_elem(int fd, const void *key);
int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags);
/* key NULL asks for the first key; -ENOENT after the last. */
int bpf_map_get_next_key(int fd, const void *key, void *next_key);

struct bpf_map_batch_opts {
	size_t sz;
	__u64 elem_flags; /* BPF_F_LOCK and the like, for each element */
	__u64 flags;      /* must be 0 */
};
#define bpf_map_batch_opts__last_field flags

/* `*count` elements at most; afterwards how many there were, also if the call fails midway. in_batch NULL starts from the
 * beginning, out_batch (max(4, key size) bytes) gets where to go on. -ENOENT: these were the last. */
int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
			 const struct bpf_map_batch_opts *opts);
int bpf_map_lookup_and_delete_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
				    const struct bpf_map_batch_opts *opts);
int bpf_map_update_batch(int fd, const void *keys, const void *values, __u32 *count,
			 const struct bpf_map_batch_opts *opts);
int bpf_map_delete_batch(int fd, const void *keys, __u32 *count, const struct bpf_map_batch_opts *opts);

struct bpf_test_run_opts {
	size_t sz;
	const void *data_in;
	void *data_out;
	__u32 data_size_in;
	__u32 data_size_out; /* in: room; out: bytes */
	const void *ctx_in;
	void *ctx_out;
	__u32 ctx_size_in;
	__u32 ctx_size_out; /* in: room; out: bytes */
	__u32 retval;       /* out */
	int repeat;
	__u32 duration; /* out: ns, the average of the repetitions */
	__u32 flags;
	__u32 cpu;
	__u32 batch_size;
};
#define bpf_test_run_opts__last_field batch_size

int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts);

/* A descriptor for read() and close(). */
int bpf_iter_create(int link_fd);

#ifdef __cplusplus
}
#endif

#endif /* ECC_BPF_BPF_H */
