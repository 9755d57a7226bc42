/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libbpf's API for user parts that run on WebAssembly: libbpf 1.7's names, arguments and behaviour, over the host
 * interface in <ecc/host.h>. What is declared here works; what libbpf has besides is not declared, so that a program
 * that needs it stops at the compiler and not at run time.
 *
 * Functions that return int return 0 or more, or -errno, and set errno as well; functions that return a pointer return
 * NULL and set errno. Numbers are wasi-libc's (-EINTR, strerror(-err) work), whatever the kernel's are.
 *
 * Differences that a program can notice:
 * - bpf_object__open_file() takes the objects of the package by name, not files of the host.
 * - Iteration over maps and programs covers what the skeleton lists (bpf_object__next_map).
 * - There is no epoll: ring_buffer__epoll_fd() and perf_buffer__epoll_fd() fail with ENOTSUP.
 * - Records of a ring buffer lie in memory that must not be written to; a store to it ends the program.
 * - Samples of a user ring buffer lie in memory of the program's own and are copied when they are submitted;
 *   user_ring_buffer__free() discards those that are not.
 */
#ifndef ECC_BPF_LIBBPF_H
#define ECC_BPF_LIBBPF_H

#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "libbpf_common.h"
#include "libbpf_legacy.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- versions, errors, messages ---- */

__u32 libbpf_major_version(void);
__u32 libbpf_minor_version(void);
const char *libbpf_version_string(void);

/* Writes the text of an error code (of either sign) to `buf`; returns 0, or -ENOENT for an unknown code. */
int libbpf_strerror(int err, char *buf, size_t size);

enum libbpf_print_level {
	LIBBPF_WARN,
	LIBBPF_INFO,
	LIBBPF_DEBUG,
};

typedef int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *format, va_list ap);

/* Replaces what prints the library's warnings (standard error by default; NULL: nothing) and returns the old one. */
libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn);

/* The number of CPUs that per-CPU maps have elements for. */
int libbpf_num_possible_cpus(void);

/* ---- objects ---- */

struct bpf_object;
struct bpf_map;
struct bpf_program;
struct bpf_link;

struct bpf_object_open_opts {
	size_t sz;
	const char *object_name; /* of an object from memory: not used */
	bool relaxed_maps;       /* not used */
	const char *pin_root_path; /* must be NULL */
	__u32 : 32;
	const char *kconfig;         /* must be NULL */
	const char *btf_custom_path; /* must be NULL */
	char *kernel_log_buf;        /* gets the end of the log when loading fails */
	size_t kernel_log_size;
	__u32 kernel_log_level;
	const char *bpf_token_path; /* must be NULL */
	size_t : 0;
};
#define bpf_object_open_opts__last_field bpf_token_path

/* `path` names an object of the package: "dir/NAME.bpf.o" is the object NAME_bpf, as bpftool names skeletons. */
struct bpf_object *bpf_object__open(const char *path);
struct bpf_object *bpf_object__open_file(const char *path, const struct bpf_object_open_opts *opts);
/* Needs the runtime's permission (`--allow bytes`): without it, EPERM. */
struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz,
					const struct bpf_object_open_opts *opts);
int bpf_object__load(struct bpf_object *obj);
void bpf_object__close(struct bpf_object *obj);
const char *bpf_object__name(const struct bpf_object *obj);

struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name);
int bpf_object__find_map_fd_by_name(const struct bpf_object *obj, const char *name);
struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char *name);

/* The maps and programs of the object's skeleton, in its order. An object opened without one has no list: NULL with
 * errno ENOTSUP. */
struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map);
struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog);
#define bpf_object__for_each_map(pos, obj)                                                                            \
	for ((pos) = bpf_object__next_map((obj), NULL); (pos) != NULL; (pos) = bpf_object__next_map((obj), (pos)))
#define bpf_map__for_each(pos, obj) bpf_object__for_each_map(pos, obj)
#define bpf_object__for_each_program(pos, obj)                                                                        \
	for ((pos) = bpf_object__next_program((obj), NULL); (pos) != NULL;                                            \
	     (pos) = bpf_object__next_program((obj), (pos)))

/* ---- maps ---- */

/* The handle for <bpf/bpf.h> and ring_buffer__new(): 2^30 or more; -1 before the object is loaded. */
int bpf_map__fd(const struct bpf_map *map);
const char *bpf_map__name(const struct bpf_map *map);
enum bpf_map_type bpf_map__type(const struct bpf_map *map);
__u32 bpf_map__max_entries(const struct bpf_map *map);
int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries); /* before load, else -EBUSY */
__u32 bpf_map__map_flags(const struct bpf_map *map);
__u32 bpf_map__key_size(const struct bpf_map *map);
__u32 bpf_map__value_size(const struct bpf_map *map);
bool bpf_map__is_internal(const struct bpf_map *map);

/* The memory that shows a data section (.data, .bss, .rodata …): its initial value before load, the live value after
 * (.rodata does not change any more then). Stays at one address. NULL for other maps. */
void *bpf_map__initial_value(const struct bpf_map *map, size_t *psize);
int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size);

/* Sizes must be the map's; a per-CPU value is round_up(value_size, 8) * libbpf_num_possible_cpus() bytes. */
int bpf_map__lookup_elem(const struct bpf_map *map, const void *key, size_t key_sz, void *value, size_t value_sz,
			 __u64 flags);
int bpf_map__update_elem(const struct bpf_map *map, const void *key, size_t key_sz, const void *value,
			 size_t value_sz, __u64 flags);
int bpf_map__lookup_and_delete_elem(const struct bpf_map *map, const void *key, size_t key_sz, void *value,
				    size_t value_sz, __u64 flags);
int bpf_map__delete_elem(const struct bpf_map *map, const void *key, size_t key_sz, __u64 flags);
int bpf_map__get_next_key(const struct bpf_map *map, const void *cur_key, void *next_key, size_t key_sz);

/* At an absolute path that the operator allows (`--allow pin=FOLDER`), else -EPERM. */
int bpf_map__pin(struct bpf_map *map, const char *path);
int bpf_map__unpin(struct bpf_map *map, const char *path);

/* ---- programs and links ---- */

const char *bpf_program__name(const struct bpf_program *prog);
/* The handle for bpf_tc_attach(): 2^30 or more; -ENOENT before the object is loaded. */
int bpf_program__fd(const struct bpf_program *prog);
bool bpf_program__autoload(const struct bpf_program *prog);
int bpf_program__set_autoload(struct bpf_program *prog, bool autoload); /* before load, else -EINVAL */
/* Before load: what a program attaches to whose target the kernel checks when it loads it (fentry, LSM, freplace, ...), in place
 * of what its section says: a function of the kernel (`attach_prog_fd` 0; needs `--allow attach`), or of a loaded program. */
int bpf_program__set_attach_target(struct bpf_program *prog, int attach_prog_fd, const char *attach_func_name);
bool bpf_program__autoattach(const struct bpf_program *prog);
void bpf_program__set_autoattach(struct bpf_program *prog, bool autoattach);

/* As the program's section says; EOPNOTSUPP if it says nothing. */
struct bpf_link *bpf_program__attach(const struct bpf_program *prog);
/* Given a target by the program itself rather than by the section. */
struct bpf_link *bpf_program__attach_xdp(const struct bpf_program *prog, int ifindex);
/* `cgroup_fd` comes from ecc_cgroup_open() in <ecc/cgroup.h>. */
struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *prog, int cgroup_fd);

struct bpf_netfilter_opts {
	size_t sz;
	__u32 pf;
	__u32 hooknum;
	__s32 priority;
	__u32 flags;
};
#define bpf_netfilter_opts__last_field flags

struct bpf_link *bpf_program__attach_netfilter(const struct bpf_program *prog, const struct bpf_netfilter_opts *opts);

struct bpf_tracepoint_opts {
	size_t sz;
	__u64 bpf_cookie;
};
#define bpf_tracepoint_opts__last_field bpf_cookie

struct bpf_link *bpf_program__attach_tracepoint(const struct bpf_program *prog, const char *tp_category,
						const char *tp_name);
struct bpf_link *bpf_program__attach_tracepoint_opts(const struct bpf_program *prog, const char *tp_category,
						     const char *tp_name, const struct bpf_tracepoint_opts *opts);

struct bpf_raw_tracepoint_opts {
	size_t sz;
	__u64 cookie;
	size_t : 0;
};
#define bpf_raw_tracepoint_opts__last_field cookie

struct bpf_link *bpf_program__attach_raw_tracepoint(const struct bpf_program *prog, const char *tp_name);
struct bpf_link *bpf_program__attach_raw_tracepoint_opts(const struct bpf_program *prog, const char *tp_name,
							 struct bpf_raw_tracepoint_opts *opts);

enum probe_attach_mode {
	PROBE_ATTACH_MODE_DEFAULT = 0,
	PROBE_ATTACH_MODE_LEGACY,
	PROBE_ATTACH_MODE_PERF,
	PROBE_ATTACH_MODE_LINK,
};

struct bpf_kprobe_opts {
	size_t sz;
	__u64 bpf_cookie;
	size_t offset; /* from the start of the function */
	bool retprobe;
	enum probe_attach_mode attach_mode; /* not used: the runtime takes the best */
	size_t : 0;
};
#define bpf_kprobe_opts__last_field attach_mode

struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *prog, bool retprobe, const char *func_name);
struct bpf_link *bpf_program__attach_kprobe_opts(const struct bpf_program *prog, const char *func_name,
						 const struct bpf_kprobe_opts *opts);

struct bpf_uprobe_opts {
	size_t sz;
	size_t ref_ctr_offset; /* not used */
	__u64 bpf_cookie;
	bool retprobe;
	const char *func_name;
	enum probe_attach_mode attach_mode; /* not used: the runtime takes the best */
	size_t : 0;
};
#define bpf_uprobe_opts__last_field attach_mode

/* `pid` is one of the host; 0 is the runtime's own, -1 every process. */
struct bpf_link *bpf_program__attach_uprobe(const struct bpf_program *prog, bool retprobe, pid_t pid,
					    const char *binary_path, size_t func_offset);
struct bpf_link *bpf_program__attach_uprobe_opts(const struct bpf_program *prog, pid_t pid, const char *binary_path,
						 size_t func_offset, const struct bpf_uprobe_opts *opts);

struct bpf_usdt_opts {
	size_t sz;
	__u64 usdt_cookie;
	size_t : 0;
};
#define bpf_usdt_opts__last_field usdt_cookie

struct bpf_link *bpf_program__attach_usdt(const struct bpf_program *prog, pid_t pid, const char *binary_path,
					  const char *usdt_provider, const char *usdt_name,
					  const struct bpf_usdt_opts *opts);

struct bpf_perf_event_opts {
	size_t sz;
	__u64 bpf_cookie;
	bool force_ioctl_attach; /* not used */
	bool dont_enable;        /* not used */
	size_t : 0;
};
#define bpf_perf_event_opts__last_field dont_enable

/* `pfd` comes from syscall(SYS_perf_event_open, ...) of <sys/syscall.h>. */
struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd);
struct bpf_link *bpf_program__attach_perf_event_opts(const struct bpf_program *prog, int pfd,
						     const struct bpf_perf_event_opts *opts);

struct bpf_link *bpf_map__attach_struct_ops(const struct bpf_map *map);

int bpf_link__fd(const struct bpf_link *link);
int bpf_link__detach(struct bpf_link *link);
/* Puts `prog` in the place of the attached program. */
int bpf_link__update_program(struct bpf_link *link, struct bpf_program *prog);
/* As bpf_map__pin(); the program then stays attached after this one has ended. */
int bpf_link__pin(struct bpf_link *link, const char *path);
/* bpf_link__destroy() then frees the structure only; the program stays attached until the object is closed. */
void bpf_link__disconnect(struct bpf_link *link);
int bpf_link__destroy(struct bpf_link *link);

/* ---- tc: a tcx link where the kernel has them (6.6), else a classic filter; detached when the program ends ---- */

enum bpf_tc_attach_point {
	BPF_TC_INGRESS = 1 << 0,
	BPF_TC_EGRESS = 1 << 1,
	BPF_TC_CUSTOM = 1 << 2,
};

enum bpf_tc_flags {
	BPF_TC_F_REPLACE = 1 << 0,
};

struct bpf_tc_hook {
	size_t sz;
	int ifindex;
	enum bpf_tc_attach_point attach_point;
	__u32 parent; /* not used */
	size_t : 0;
};
#define bpf_tc_hook__last_field parent

struct bpf_tc_opts {
	size_t sz;
	int prog_fd;
	__u32 flags;
	__u32 prog_id; /* must be 0 */
	__u32 handle;
	__u32 priority;
	size_t : 0;
};
#define bpf_tc_opts__last_field priority

int bpf_tc_hook_create(struct bpf_tc_hook *hook);
/* Detaches what this program attached there. */
int bpf_tc_hook_destroy(struct bpf_tc_hook *hook);
int bpf_tc_attach(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts);
int bpf_tc_detach(const struct bpf_tc_hook *hook, const struct bpf_tc_opts *opts);

struct bpf_iter_attach_opts {
	size_t sz;
	union bpf_iter_link_info *link_info; /* a map's descriptor, a cgroup's of ecc_cgroup_open(), or task.pid */
	__u32 link_info_len;
};
#define bpf_iter_attach_opts__last_field link_info_len

/* bpf_iter_create() of the link's descriptor in <bpf/bpf.h> gives what to read() from. */
struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog, const struct bpf_iter_attach_opts *opts);

/* ---- ring buffers ---- */

struct ring_buffer;
struct ring;

/* `data` lies in the ring buffer itself and is valid until the callback returns. A negative result stops the poll,
 * which returns it. */
typedef int (*ring_buffer_sample_fn)(void *ctx, void *data, size_t size);

struct ring_buffer_opts {
	size_t sz;
};
#define ring_buffer_opts__last_field sz

struct ring_buffer *ring_buffer__new(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx,
				     const struct ring_buffer_opts *opts);
void ring_buffer__free(struct ring_buffer *rb);
int ring_buffer__add(struct ring_buffer *rb, int map_fd, ring_buffer_sample_fn sample_cb, void *ctx);
/* Returns the number of records, 0 after the timeout, -EINTR after a signal whose handler has run. */
int ring_buffer__poll(struct ring_buffer *rb, int timeout_ms);
int ring_buffer__consume(struct ring_buffer *rb);
int ring_buffer__consume_n(struct ring_buffer *rb, size_t n);
int ring_buffer__epoll_fd(const struct ring_buffer *rb); /* -ENOTSUP */
struct ring *ring_buffer__ring(struct ring_buffer *rb, unsigned int idx);
int ring__consume(struct ring *r);
int ring__consume_n(struct ring *r, size_t n);
int ring__map_fd(const struct ring *r);
size_t ring__size(const struct ring *r);

/* ---- user ring buffers ---- */

struct user_ring_buffer;

struct user_ring_buffer_opts {
	size_t sz;
};
#define user_ring_buffer_opts__last_field sz

struct user_ring_buffer *user_ring_buffer__new(int map_fd, const struct user_ring_buffer_opts *opts);
/* Memory for a sample, zero at first, which submit and discard free. NULL with ENOSPC: no room; E2BIG: there never is. */
void *user_ring_buffer__reserve(struct user_ring_buffer *rb, __u32 size);
/* The same, waiting up to `timeout_ms` (-1: for ever) for the program to drain samples. EINTR after a signal whose handler
 * has run. */
void *user_ring_buffer__reserve_blocking(struct user_ring_buffer *rb, __u32 size, int timeout_ms);
void user_ring_buffer__submit(struct user_ring_buffer *rb, void *sample);
void user_ring_buffer__discard(struct user_ring_buffer *rb, void *sample);
/* Discards what is reserved. */
void user_ring_buffer__free(struct user_ring_buffer *rb);

/* ---- perf buffers ---- */

struct perf_buffer;

/* `data` is a copy and valid until the callback returns; its size is the kernel's, rounded up to 4 less than a multiple of
 * 8. */
typedef void (*perf_buffer_sample_fn)(void *ctx, int cpu, void *data, __u32 size);
/* `cnt` samples of this CPU found no room before the next one that is given to the other callback. */
typedef void (*perf_buffer_lost_fn)(void *ctx, int cpu, __u64 cnt);

struct perf_buffer_opts {
	size_t sz;
	__u32 sample_period; /* not used: a poll ends at the first sample */
	size_t : 0;
};
#define perf_buffer_opts__last_field sample_period

/* `page_cnt` pages for each CPU, a power of two of at most 4096. */
struct perf_buffer *perf_buffer__new(int map_fd, size_t page_cnt, perf_buffer_sample_fn sample_cb,
				     perf_buffer_lost_fn lost_cb, void *ctx, const struct perf_buffer_opts *opts);
void perf_buffer__free(struct perf_buffer *pb);
/* Returns the number of CPUs that had samples, 0 after the timeout, -EINTR after a signal whose handler has run. */
int perf_buffer__poll(struct perf_buffer *pb, int timeout_ms);
int perf_buffer__consume(struct perf_buffer *pb);
int perf_buffer__epoll_fd(const struct perf_buffer *pb); /* -ENOTSUP */

/* ---- skeletons ---- */

struct bpf_map_skeleton {
	const char *name;
	struct bpf_map **map;
	void **mmaped;
	struct bpf_link **link;
};

struct bpf_prog_skeleton {
	const char *name;
	struct bpf_program **prog;
	struct bpf_link **link;
};

struct bpf_object_skeleton {
	size_t sz;

	const char *name; /* with `data` NULL: the object of that name in the package */
	const void *data; /* else an ELF object, as bpf_object__open_mem() takes it */
	size_t data_sz;

	struct bpf_object **obj;

	int map_cnt;
	int map_skel_sz; /* sizeof(struct bpf_map_skeleton) */
	struct bpf_map_skeleton *maps;

	int prog_cnt;
	int prog_skel_sz; /* sizeof(struct bpf_prog_skeleton) */
	struct bpf_prog_skeleton *progs;
};

int bpf_object__open_skeleton(struct bpf_object_skeleton *s, const struct bpf_object_open_opts *opts);
int bpf_object__load_skeleton(struct bpf_object_skeleton *s);
int bpf_object__attach_skeleton(struct bpf_object_skeleton *s);
void bpf_object__detach_skeleton(struct bpf_object_skeleton *s);
void bpf_object__destroy_skeleton(struct bpf_object_skeleton *s);

#ifdef __cplusplus
}
#endif

#endif /* ECC_BPF_LIBBPF_H */
