/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host interface `ecc_bpf_v1`: what a guest may ask of the runtime. This header is its single source: guests
 * import these functions, the runtime includes it for the numbers and structures, docs/host-interface.md explains it.
 *
 * - Every call returns a value >= 0, or a negated errno with Linux' generic numbers (asm-generic/errno.h; these are
 *   not wasi-libc's numbers).
 * - Handles are opaque, start at ECC_HANDLE_FIRST and belong to the instance; an unknown or closed one is -EBADF,
 *   one of the wrong sort -EINVAL.
 * - A pointer always comes with the length of what it points to and is checked against the guest's memory: -EFAULT.
 *   Names are bytes with a length; a terminating NUL is not needed.
 * - Structures start with their size. A host ignores what a newer guest adds when it is zero (else -E2BIG), and takes
 *   what an older guest leaves out as zero.
 */
#ifndef ECC_HOST_H
#define ECC_HOST_H

#include <stdint.h>

#define ECC_HOST_MODULE "ecc_bpf_v1"
#define ECC_HANDLE_FIRST 0x40000000

#ifdef __wasm__
#define ECC_HOST(name) __attribute__((import_module(ECC_HOST_MODULE), import_name(#name))) extern
typedef void *ecc_out_t;
typedef const void *ecc_in_t;
typedef const char *ecc_name_t;

#ifdef __cplusplus
extern "C" {
#endif
#endif

typedef int32_t ecc_handle_t;

/* ---- objects ---- */

struct ecc_object_opts {
	uint32_t size;      /* sizeof(struct ecc_object_opts) */
	uint32_t log_level; /* the verifier's: 0 only on failure, 1, 2, 4 as in BPF_PROG_LOAD */
};

struct ecc_map_info {
	uint32_t size; /* sizeof(struct ecc_map_info) */
	uint32_t type; /* enum bpf_map_type */
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t flags;          /* BPF_F_* */
	uint32_t value_bytes;    /* bytes that a lookup writes: value_size, or round_up(value_size, 8) * CPUs if per-CPU */
	uint32_t initial_bytes;  /* length of the initial value of a data section or a struct_ops map, else 0 */
};

enum ecc_mmap_flags {
	ECC_MMAP_WRITE = 1, /* the window may be stored to, as far as the kernel allows */
};

enum ecc_mmap_mode {
	ECC_MMAP_COPY = 0, /* the window holds a copy: ring buffers are refreshed by ringbuf_acquire, arrays by map_sync */
	ECC_MMAP_ZERO_COPY = 1, /* the map's own pages; a store to those of a ring buffer, or of an array without
				   ECC_MMAP_WRITE, ends the guest */
};

struct ecc_mmap_info {
	uint32_t size; /* sizeof(struct ecc_mmap_info) */
	uint32_t mode; /* enum ecc_mmap_mode */
	uint32_t data_offset;    /* of the data from the start of the window */
	uint32_t data_size;      /* bytes of data that the window shows */
	uint32_t element_stride; /* arrays: distance of two elements, round_up(value_size, 8) */
};

enum ecc_attach_kind {
	ECC_ATTACH_SECTION = 0,         /* as the program's section says */
	ECC_ATTACH_INTERFACE = 1,       /* XDP: target is an interface name, or empty with ifindex set */
	ECC_ATTACH_CGROUP = 2,          /* target is the path of a cgroup */
	ECC_ATTACH_TC = 3,              /* an interface as for XDP; hook is an enum ecc_tc_hook, priority that of a filter */
	ECC_ATTACH_TRACEPOINT = 4,      /* target is "category:name" */
	ECC_ATTACH_RAW_TRACEPOINT = 5,  /* target is the tracepoint's name */
	ECC_ATTACH_KPROBE = 6,          /* target is a kernel function; offset, cookie, ECC_ATTACH_RETURN */
	ECC_ATTACH_KPROBE_MULTI = 7,    /* target is a pattern of kernel functions with * and ? */
	ECC_ATTACH_UPROBE = 8,          /* target is a file, function a function in it (or empty); offset, pid, cookie */
	ECC_ATTACH_UPROBE_MULTI = 9,    /* the same, function is a pattern */
	ECC_ATTACH_USDT = 10,           /* target is a file, function is "provider:name"; pid, cookie */
	ECC_ATTACH_PERF_EVENT = 11,     /* perf_type, perf_config, perf_period; pid, cpu, cookie */
	ECC_ATTACH_NETFILTER = 12,      /* family, hook, priority, flags: see bpf_netfilter_opts */
	ECC_ATTACH_NETWORK_NAMESPACE = 13, /* target is a path such as /proc/self/ns/net */
	ECC_ATTACH_ITERATOR = 14,       /* over the elements of map, or over the cgroups below target (flags is an enum
					   bpf_cgroup_iter_order), or over the threads of pid, or over everything */
};

enum ecc_attach_flags {
	ECC_ATTACH_RETURN = 1,    /* probes: where the function returns */
	ECC_ATTACH_FREQUENCY = 1, /* perf events: perf_period counts samples per second, not events per sample */
};

enum ecc_tc_hook {
	ECC_TC_INGRESS = 1,
	ECC_TC_EGRESS = 2,
};

struct ecc_attach_opts {
	uint32_t size; /* sizeof(struct ecc_attach_opts) */
	uint32_t kind; /* enum ecc_attach_kind */
	uint32_t target;        /* address of the target's name, or 0 */
	uint32_t target_length;
	uint32_t ifindex;
	uint32_t flags;         /* enum ecc_attach_flags, or XDP_FLAGS_*, BPF_F_* of the attach call */
	uint64_t cookie;        /* what bpf_get_attach_cookie() returns */
	uint64_t offset;        /* bytes from the start of the function, or of the file if there is no function */
	uint32_t function;      /* address of a second name, or 0 */
	uint32_t function_length;
	int32_t pid;            /* -1: every process; 0 is the runtime itself */
	int32_t cpu;            /* -1: every CPU */
	int32_t priority;
	uint32_t hook;
	uint32_t family;        /* NFPROTO_* */
	uint32_t perf_type;     /* PERF_TYPE_HARDWARE, PERF_TYPE_SOFTWARE, PERF_TYPE_HW_CACHE */
	uint64_t perf_config;
	uint64_t perf_period;
	ecc_handle_t map;       /* of an iterator, or 0 */
};

enum ecc_batch {
	ECC_BATCH_LOOKUP = 0,
	ECC_BATCH_LOOKUP_AND_DELETE = 1,
	ECC_BATCH_UPDATE = 2,
	ECC_BATCH_DELETE = 3,
};

/* Many elements at once; addresses are of guest memory. */
struct ecc_map_batch {
	uint32_t size;      /* sizeof(struct ecc_map_batch) */
	uint32_t operation; /* enum ecc_batch */
	uint32_t count;     /* elements that there is room for, or that are there */
	uint32_t keys;      /* count * key_size bytes */
	uint32_t values;    /* count * value_bytes; not used by ECC_BATCH_DELETE */
	uint32_t from;      /* lookups: a position that a call before left in `next`; 0: the start */
	uint32_t next;      /* lookups: gets the position after the last element; max(key_size, 4) bytes, as `from` */
	uint32_t : 32;
	uint64_t flags;     /* BPF_F_LOCK and the like, for each element */
};

/* A run of a program on data of the guest's (BPF_PROG_TEST_RUN). Addresses of 0 are not used. */
struct ecc_test_run {
	uint32_t size; /* sizeof(struct ecc_test_run) */
	uint32_t data; /* a packet, or what the program's type takes */
	uint32_t data_length;
	uint32_t data_out;
	uint32_t data_out_length;
	uint32_t context;
	uint32_t context_length;
	uint32_t context_out;
	uint32_t context_out_length;
	uint32_t repeat;
	uint32_t flags; /* BPF_F_TEST_*; live frames are acting on the system */
	uint32_t cpu;   /* with BPF_F_TEST_RUN_ON_CPU */
	uint32_t batch_size;
};

struct ecc_test_run_result {
	uint32_t size; /* sizeof(struct ecc_test_run_result) */
	uint32_t return_value;
	uint32_t duration; /* ns, the average of the repetitions */
	uint32_t data_out_length; /* of all that there was, even if there was no room */
	uint32_t context_out_length;
};

enum ecc_wait_kind {
	ECC_WAIT_RINGBUF = 1, /* handle is a ring-buffer map with a window */
	ECC_WAIT_STDIN = 2,   /* handle is 0 */
	ECC_WAIT_PERFBUF = 3, /* handle is a perf event array that perfbuf_open opened */
};

struct ecc_wait_item {
	uint32_t kind; /* enum ecc_wait_kind */
	ecc_handle_t handle;
	uint32_t ready; /* out: 1 if there is something to consume or read */
};

/* A sample of a perf event array. `length` bytes of the program's data follow, padded to 8 bytes. */
struct ecc_perf_record {
	uint32_t length; /* as the kernel rounds it: 4 less than a multiple of 8 */
	uint32_t cpu;
	uint64_t lost_before; /* samples of this CPU that found no room since the one before */
};

/* Room for any one sample. */
#define ECC_PERFBUF_LENGTH_MIN 65552

/* How many slots of one user ring buffer may be taken at once. */
#define ECC_USER_RINGBUF_SLOTS 4096

#ifdef __wasm__

/* Opens the object of that name from the package's `ecc.bpf` sections. Returns a handle; -ENOENT: no such object for
 * this architecture; -EPERM: the object acts on the system and that is not allowed (the host says how to allow it). */
ECC_HOST(object_open) ecc_handle_t ecc_object_open(ecc_name_t name, uint32_t name_length, ecc_in_t opts);
/* Opens an object from guest memory, if that is allowed (`--allow bytes`), else -EPERM. */
ECC_HOST(object_open_bytes) ecc_handle_t ecc_object_open_bytes(ecc_in_t elf, uint32_t elf_length, ecc_in_t opts);
/* Creates maps and loads programs, once: -EINVAL after that, whether it succeeded or the kernel refused. On failure the
 * host keeps the log for object_log. */
ECC_HOST(object_load) int32_t ecc_object_load(ecc_handle_t object);
/* Copies the last `length` bytes at most of the log (libbpf's messages and the verifier's log); returns how many. */
ECC_HOST(object_log) int32_t ecc_object_log(ecc_handle_t object, ecc_out_t text, uint32_t length);
/* Detaches and releases everything of the object, its maps, programs, links and windows included. */
ECC_HOST(object_close) int32_t ecc_object_close(ecc_handle_t object);
/* A promise: from now on opening, loading and attaching are -EPERM, and the host gives up the capabilities for them.
 * Maps, windows, waiting and detaching work as before. After an error nothing is, but some capabilities may be gone. */
ECC_HOST(seal) int32_t ecc_seal(void);

/* ---- maps ---- */

ECC_HOST(map_find) ecc_handle_t ecc_map_find(ecc_handle_t object, ecc_name_t name, uint32_t name_length);
ECC_HOST(map_info) int32_t ecc_map_info(ecc_handle_t map, ecc_out_t info);
/* The keys' and values' lengths must be the map's (value_bytes for a lookup; for an update of a per-CPU map too), else
 * -EINVAL. `flags` are the kernel's BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK. */
ECC_HOST(map_lookup) int32_t ecc_map_lookup(ecc_handle_t map, ecc_in_t key, uint32_t key_length, ecc_out_t value,
					    uint32_t value_length, uint64_t flags);
ECC_HOST(map_update) int32_t ecc_map_update(ecc_handle_t map, ecc_in_t key, uint32_t key_length, ecc_in_t value,
					    uint32_t value_length, uint64_t flags);
ECC_HOST(map_lookup_and_delete) int32_t ecc_map_lookup_and_delete(ecc_handle_t map, ecc_in_t key, uint32_t key_length,
								  ecc_out_t value, uint32_t value_length,
								  uint64_t flags);
ECC_HOST(map_delete) int32_t ecc_map_delete(ecc_handle_t map, ecc_in_t key, uint32_t key_length, uint64_t flags);
/* `key` 0 asks for the first key. -ENOENT after the last. */
ECC_HOST(map_next_key) int32_t ecc_map_next_key(ecc_handle_t map, ecc_in_t key, ecc_out_t next, uint32_t key_length);
/* Does what `batch` (a struct ecc_map_batch) says; `done` gets the number of elements, also if the call fails midway. A
 * lookup is -ENOENT when these were the last elements, -ENOSPC when the next bucket of a hash table has no room. */
ECC_HOST(map_batch) int32_t ecc_map_batch(ecc_handle_t map, ecc_in_t batch, uint32_t *done);
/* The CPUs that per-CPU maps have elements for. */
ECC_HOST(possible_cpus) int32_t ecc_possible_cpus(void);
/* Pins a created map at an absolute path of a bpf file system, where it outlives the process, and removes such a pin
 * (-EINVAL: what is there is not this map). The operator names the folder (`--allow pin=FOLDER`), else -EPERM. -EEXIST;
 * -ENOENT; -ELOOP: a symbolic link. */
ECC_HOST(map_pin) int32_t ecc_map_pin(ecc_handle_t map, ecc_name_t path, uint32_t path_length);
ECC_HOST(map_unpin) int32_t ecc_map_unpin(ecc_handle_t map, ecc_name_t path, uint32_t path_length);
/* Before load: the pinned map, of the same type, sizes and flags (else -EINVAL), takes the place of a new one. */
ECC_HOST(map_reuse) int32_t ecc_map_reuse(ecc_handle_t map, ecc_name_t path, uint32_t path_length);
/* The initial value of a data section (.rodata, .data, .bss) or a struct_ops map, between open and load; `length` is
 * initial_bytes. That of `.kconfig` cannot be set (-EINVAL): loading fills it in, and map_lookup of key 0 reads it then.
 * That of a struct_ops map is the struct in the source, where a member that points to a function is the handle of a program
 * of the object, or 0 for none (-EBADF, -EINVAL: another handle). */
ECC_HOST(map_get_initial) int32_t ecc_map_get_initial(ecc_handle_t map, ecc_out_t value, uint32_t length);
ECC_HOST(map_set_initial) int32_t ecc_map_set_initial(ecc_handle_t map, ecc_in_t value, uint32_t length);
/* Before load. -EINVAL: a data section, an arena, or a struct_ops map. */
ECC_HOST(map_set_max_entries) int32_t ecc_map_set_max_entries(ecc_handle_t map, uint32_t max_entries);
/* Shows a ring buffer's data or an mmapable array in `window`, whose address and length are multiples of 65536. A ring
 * buffer needs twice its max_entries (rounded up), an array max_entries * element_stride. After load, one window per
 * map; nobody else may use the bytes of the window until map_munmap, which leaves them zero. The kernel changes a window
 * at any time: read again after a host call, and do not spin. */
ECC_HOST(map_mmap) int32_t ecc_map_mmap(ecc_handle_t map, ecc_out_t window, uint32_t length, uint32_t flags,
					ecc_out_t info);
ECC_HOST(map_munmap) int32_t ecc_map_munmap(ecc_handle_t map);
/* Copy mode: writes back the bytes of the window that the guest changed, then refreshes it. Zero copy: a barrier. */
ECC_HOST(map_sync) int32_t ecc_map_sync(ecc_handle_t map);

/* ---- programs ---- */

ECC_HOST(program_find) ecc_handle_t ecc_program_find(ecc_handle_t object, ecc_name_t name, uint32_t name_length);
/* Whether object_load loads this program: 1 or 0, which a section of the form SEC("?...") begins with. */
ECC_HOST(program_autoload) int32_t ecc_program_autoload(ecc_handle_t program);
/* Before load: changes that. */
ECC_HOST(program_set_autoload) int32_t ecc_program_set_autoload(ecc_handle_t program, int32_t autoload);
/* Before load, for a program whose target the kernel checks when it loads it (fentry, fexit, fmod_ret, LSM, tp_btf,
 * freplace): attaches it to `function` of the kernel, in place of the one in its section; or of the loaded program
 * `target`, if that is not 0, where the section's is meant if `function_length` is 0. -ESRCH, -ENOENT: there is no such
 * function; -EPERM: a function of the kernel that only the guest names (`--allow attach`). */
ECC_HOST(program_set_attach_target) int32_t ecc_program_set_attach_target(ecc_handle_t program, ecc_handle_t target,
									  ecc_name_t function, uint32_t function_length);
/* Attaches and returns a link. -EOPNOTSUPP: the section says nothing about where to attach, or the program was
 * not to be loaded (SEC("?..."), program_set_autoload); -EPERM: acting on the system is not allowed. */
ECC_HOST(program_attach) ecc_handle_t ecc_program_attach(ecc_handle_t program, ecc_in_t opts);
/* Attaches a struct_ops map, which takes effect with that, and returns a link. -EINVAL: a map of another type;
 * -EOPNOTSUPP: its section says not to create it (SEC("?.struct_ops")). */
ECC_HOST(map_attach) ecc_handle_t ecc_map_attach(ecc_handle_t map);
ECC_HOST(link_detach) int32_t ecc_link_detach(ecc_handle_t link);
/* Puts another program of the same kind in the place of the one that is attached. */
ECC_HOST(link_update) int32_t ecc_link_update(ecc_handle_t link, ecc_handle_t program);
/* Pins what the kernel has a link for, so that it stays attached after the process; as map_pin. -EOPNOTSUPP: it has none for
 * a classic tc filter, a perf event on every CPU, and, before Linux 6.4, a struct_ops map. */
ECC_HOST(link_pin) int32_t ecc_link_pin(ecc_handle_t link, ecc_name_t path, uint32_t path_length);
/* Runs a loaded program as `run` (a struct ecc_test_run) says and fills a struct ecc_test_run_result. -ENOSPC: the data
 * after the run did not fit, the result says how much it is. */
ECC_HOST(program_test_run) int32_t ecc_program_test_run(ecc_handle_t program, ecc_in_t run, ecc_out_t result);
/* Starts what the link of an iterator goes through; a handle to read it by. */
ECC_HOST(iterator_open) ecc_handle_t ecc_iterator_open(ecc_handle_t link);
/* Copies the next bytes that the program writes: how many, 0 at the end. */
ECC_HOST(iterator_read) int32_t ecc_iterator_read(ecc_handle_t iterator, ecc_out_t bytes, uint32_t length);
ECC_HOST(iterator_close) int32_t ecc_iterator_close(ecc_handle_t iterator);
/* The index of a network interface by name; -ENODEV. */
ECC_HOST(interface_index) int32_t ecc_interface_index(ecc_name_t name, uint32_t name_length);

/* ---- kernel symbols and process maps ---- */

/* The function of the kernel or of a module that `address` lies in: copies as much of its name as fits, without NUL, puts
 * where it starts into `start`, and returns the length of the whole name. -ENOENT: none; -EPERM: looking symbols up is
 * not allowed (`--allow symbols`), or the kernel hides them. */
ECC_HOST(symbol_at) int32_t ecc_symbol_at(uint64_t address, ecc_out_t name, uint32_t length, uint64_t *start);
/* Where the function of that name starts, the first if there are several; errors as for symbol_at. */
ECC_HOST(symbol_find) int32_t ecc_symbol_find(ecc_name_t name, uint32_t name_length, uint64_t *address);
/* What process `pid` (or the one that this thread belongs to) has mapped at `address` now: copies as much of the name as
 * fits, without NUL, as /proc/PID/maps has it (the path of a file, "[vdso]", nothing for anonymous memory), puts where the
 * mapping starts into `start` and where `address` lies in the file into `offset`, and returns the length of the whole
 * name. The program headers of an ELF file (PT_LOAD) lead from the offset to the address that its symbols have.
 *
 * Numbers of processes are those of the runtime's PID namespace. Each call reads what the kernel knows: keep what it
 * answers. -ESRCH: no such process, one that has ended, or a thread of the kernel; -ENOENT: nothing is mapped there;
 * -EPERM: looking symbols up is not allowed (`--allow symbols`), or the kernel hides the process. */
ECC_HOST(process_map_at) int32_t ecc_process_map_at(int32_t pid, uint64_t address, ecc_out_t name, uint32_t length,
						    uint64_t *start, uint64_t *offset);

/* ---- waiting and signals ---- */

/* Gives back `consumed` bytes of the span that the last call returned, then, if there is no record, waits up to
 * `timeout_ms` (-1: for ever, 0: not at all). Returns offset << 32 | length of one span of whole records in the
 * kernel's framing within the window, 0 after the timeout, -EINTR when a signal came, or another negated errno.
 *
 * Framing: a 32-bit header, whose bit 31 (BUSY) ends the span and whose bit 30 (DISCARD) says to skip the record; the
 * other bits are the record's length; then 32 bits for the kernel; then the record, padded to 8 bytes. `consumed` is a
 * multiple of 8, at most the last length, and the end of a record that is not BUSY, else the guest traps or loses its
 * place. Records stay in place until the next call. */
ECC_HOST(ringbuf_acquire) int64_t ecc_ringbuf_acquire(ecc_handle_t map, uint32_t consumed, int32_t timeout_ms);
/* Opens a buffer of `pages` pages, a power of two of at most 4096, for each CPU; before, samples get lost uncounted.
 * -EBUSY: they are open; -ENOMEM: more than is allowed (`--limit maps`), as for object_open and object_load. */
ECC_HOST(perfbuf_open) int32_t ecc_perfbuf_open(ecc_handle_t map, uint32_t pages);
/* Waits as ringbuf_acquire does and copies samples to `records`, one struct ecc_perf_record after the other, as long as
 * there is room for any one more. `length` is ECC_PERFBUF_LENGTH_MIN or more. Returns the bytes written, 0 after the
 * timeout, -EINTR when a signal came, -EBUSY in a callback that gets samples of the same map. */
ECC_HOST(perfbuf_acquire) int32_t ecc_perfbuf_acquire(ecc_handle_t map, ecc_out_t records, uint32_t length,
						      int32_t timeout_ms);
ECC_HOST(perfbuf_close) int32_t ecc_perfbuf_close(ecc_handle_t map);
/* Takes room for a sample of `size` bytes in a user ring buffer of a loaded object, and waits for the program to drain it
 * up to `timeout_ms` (-1: for ever, 0: not at all). Returns a slot, which stays taken until it is submitted or discarded;
 * what is reserved later reaches the program only then. -ENOSPC: no room, or ECC_USER_RINGBUF_SLOTS are taken; -E2BIG: the buffer
 * or the kernel has no samples of that size; -EINVAL: a map of another type; -EINTR when a signal came while waiting. */
ECC_HOST(user_ringbuf_reserve) int32_t ecc_user_ringbuf_reserve(ecc_handle_t map, uint32_t size, int32_t timeout_ms);
/* Fills the slot with the sample and hands it to the program. `length` is the slot's size, else -EINVAL, and the slot stays
 * taken. -ENOENT: no such slot. */
ECC_HOST(user_ringbuf_submit) int32_t ecc_user_ringbuf_submit(ecc_handle_t map, int32_t slot, ecc_in_t sample,
							      uint32_t length);
/* Gives the slot back: the program skips it. So it does with those that are taken when the object is closed. */
ECC_HOST(user_ringbuf_discard) int32_t ecc_user_ringbuf_discard(ecc_handle_t map, int32_t slot);
/* Waits until one of `count` items is ready; sets each item's `ready` and returns how many are, 0 after the timeout,
 * -EINTR when a signal came. */
ECC_HOST(wait) int32_t ecc_wait(struct ecc_wait_item *items, uint32_t count, int32_t timeout_ms);
/* The number of a signal (Linux) that came and was not taken yet, else 0. A guest that imports this function and takes
 * the signal decides what happens; otherwise the runtime ends it. */
ECC_HOST(signal_take) int32_t ecc_signal_take(void);

#ifdef __cplusplus
}
#endif
#undef ECC_HOST
#endif /* __wasm__ */

#endif /* ECC_HOST_H */
