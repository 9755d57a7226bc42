/* SPDX-License-Identifier: Apache-2.0 */
/* What the library's files share. Handles, return values and errno: ecc/host.h; structures here live in guest memory
 * and own their handle. */
#ifndef ECC_INTERNAL_H
#define ECC_INTERNAL_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ecc/host.h>
#include <stddef.h>

#define ECC_WINDOW_ALIGN 65536

/* The member of an option structure, or `fallback` where the caller's version ends before it. */
#define ECC_OPTION(opts, field, fallback)                                                                                 \
	((opts) && (opts)->sz >= offsetof(__typeof__(*(opts)), field) + sizeof((opts)->field) ? (opts)->field         \
											      : (fallback))

struct bpf_map {
	struct bpf_object *obj;
	struct bpf_map *next;
	char *name;
	ecc_handle_t handle;
	struct ecc_map_info info;
	void *data;      /* of a data section: its initial value, later its window */
	bool is_window;  /* the host shows the map in `data` */
	bool needs_sync; /* … by copying */
};

struct bpf_program {
	struct bpf_object *obj;
	struct bpf_program *next;
	char *name;
	ecc_handle_t handle;
	bool autoload;
	bool autoattach;
};

struct bpf_link {
	ecc_handle_t handle;
	bool disconnected;
};

struct bpf_object {
	struct bpf_object *next;
	char *name;
	ecc_handle_t handle;
	bool loaded;
	bool is_listed;            /* maps and programs are all those of a skeleton */
	struct bpf_map *maps;      /* in the order in which they were asked for */
	struct bpf_program *programs;
	char *log_buffer;
	size_t log_size;
};

/* errno.c: a host's result, with Linux' -errno turned into wasi-libc's; errno is set if it is negative. */
int ecc_result(int host_result);
/* The same without setting errno. */
int ecc_from_linux(int host_result);
/* Sets errno to -err; returns err. */
int ecc_fail(int err);

/* message.c: NULL prints nothing. ecc_default_message writes to standard error, for "%s" only; print.c puts a general
 * function in its place when a program asks for the old one. */
extern libbpf_print_fn_t ecc_print;
/* Prints "libbpf: " and the parts up to NULL. */
void ecc_warn(const char *part, ...) __attribute__((sentinel));
/* Prints "libbpf: PARTS…: TEXT OF ERROR". */
void ecc_warn_error(int err, const char *part, ...) __attribute__((sentinel));
/* Prints a text of several lines as it is. */
void ecc_print_text(const char *text);
int ecc_default_message(enum libbpf_print_level level, const char *format, va_list ap);

/* error_text.c: never NULL. */
const char *ecc_error_text(int err);

/* object.c: every object that is open. */
extern struct bpf_object *ecc_objects;
/* The package's object of that name. */
struct bpf_object *ecc_open_named(const char *name, const struct bpf_object_open_opts *opts);

/* map.c: the map with that handle, or NULL. */
struct bpf_map *ecc_map_by_handle(int fd);

/* map_data.c: steps of loading, and what keeps copied windows current. */
int ecc_map_data_allocate(struct bpf_map *map);
int ecc_map_data_before_load(struct bpf_object *obj);
int ecc_map_data_after_load(struct bpf_object *obj);
void ecc_map_data_release(struct bpf_map *map);
void ecc_sync_windows(void);

/* ring.c: ecc_ring_acquire() without what surrounds it; does not set errno. */
struct ecc_ring;
int ecc_ring_next_span(struct ecc_ring *ring, int timeout_ms);

/* cgroup.c: the path behind a number of ecc_cgroup_open(), or NULL. */
const char *ecc_cgroup_path(int fd);

/* iterator.c: what read() and close() of descriptor.c do with the descriptors of iterators. */
ssize_t ecc_read_iterator(int fd, void *buffer, size_t size);
void ecc_close_iterator(int fd);

/* perf_event.c: what syscall(SYS_perf_event_open, ...) said of that number, or NULL. */
const struct ecc_attach_opts *ecc_perf_event(int fd);

/* attach.c: a link, or NULL with errno. */
struct bpf_link *ecc_attach(const struct bpf_program *prog, const struct ecc_attach_opts *opts);

/* signal.c: runs the handlers of the signals that came. */
void ecc_deliver_signals(void);

#endif /* ECC_INTERNAL_H */
