/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls every function of the host interface with each argument wrong in every way there is, the others as they should
 * be. A result that is no errno and no value, or success where that cannot be, is printed; the exit status says whether
 * there was any.
 */
#include <ecc/host.h>
#include <stdbool.h>
#include <stdio.h>

enum { WINDOW = 65536, PAGE = 65536, MOST_ARGUMENTS = 6 };

static _Alignas(WINDOW) unsigned char ring_window[WINDOW];
static _Alignas(WINDOW) unsigned char array_window[WINDOW];
static unsigned char buffer[65552];
static uint32_t key;
static uint64_t value;
static struct ecc_map_info info = { .size = sizeof(info) };
static struct ecc_mmap_info mmap_info = { .size = sizeof(mmap_info) };
static struct ecc_object_opts object_opts = { .size = sizeof(object_opts) };
static struct ecc_attach_opts attach_opts = { .size = sizeof(attach_opts) };
static struct ecc_map_batch batch = { .size = sizeof(batch), .count = 1 };
static struct ecc_test_run test_run = { .size = sizeof(test_run) };
static struct ecc_test_run_result test_result = { .size = sizeof(test_result) };
static struct ecc_wait_item item = { .kind = ECC_WAIT_RINGBUF };

enum type { HANDLE, ADDRESS, LENGTH, NUMBER };

struct argument {
	enum type type;
	uint64_t right;
};

struct call {
	const char *name;
	int64_t (*make)(const uint64_t *a);
	uint32_t count;
	struct argument arguments[MOST_ARGUMENTS];
};

struct wrong_value {
	uint64_t value;
	bool must_fail;
};

#define P(i) ((void *)(uintptr_t)a[i])
#define H(i) ((ecc_handle_t)a[i])
#define N(i) ((uint32_t)a[i])
#define CALL(function, ...)                                   \
	static int64_t call_##function(const uint64_t *a)     \
	{                                                     \
		return ecc_##function(__VA_ARGS__);           \
	}

CALL(object_open, P(0), N(1), P(2))
CALL(object_open_bytes, P(0), N(1), P(2))
CALL(object_load, H(0))
CALL(object_log, H(0), P(1), N(2))
CALL(object_close, H(0))
CALL(map_find, H(0), P(1), N(2))
CALL(map_info, H(0), P(1))
CALL(map_lookup, H(0), P(1), N(2), P(3), N(4), a[5])
CALL(map_update, H(0), P(1), N(2), P(3), N(4), a[5])
CALL(map_lookup_and_delete, H(0), P(1), N(2), P(3), N(4), a[5])
CALL(map_batch, H(0), P(1), P(2))
CALL(map_delete, H(0), P(1), N(2), a[3])
CALL(map_next_key, H(0), P(1), P(2), N(3))
CALL(map_pin, H(0), P(1), N(2))
CALL(map_unpin, H(0), P(1), N(2))
CALL(map_reuse, H(0), P(1), N(2))
CALL(map_attach, H(0))
CALL(link_pin, H(0), P(1), N(2))
CALL(map_get_initial, H(0), P(1), N(2))
CALL(map_set_initial, H(0), P(1), N(2))
CALL(map_set_max_entries, H(0), N(1))
CALL(map_mmap, H(0), P(1), N(2), N(3), P(4))
CALL(map_munmap, H(0))
CALL(map_sync, H(0))
CALL(program_find, H(0), P(1), N(2))
CALL(program_autoload, H(0))
CALL(program_set_autoload, H(0), (int32_t)a[1])
CALL(program_set_attach_target, H(0), H(1), P(2), N(3))
CALL(program_attach, H(0), P(1))
CALL(link_detach, H(0))
CALL(link_update, H(0), H(1))
CALL(program_test_run, H(0), P(1), P(2))
CALL(iterator_open, H(0))
CALL(iterator_read, H(0), P(1), N(2))
CALL(iterator_close, H(0))
CALL(interface_index, P(0), N(1))
CALL(symbol_at, a[0], P(1), N(2), P(3))
CALL(symbol_find, P(0), N(1), P(2))
CALL(process_map_at, (int32_t)a[0], a[1], P(2), N(3), P(4), P(5))
CALL(ringbuf_acquire, H(0), N(1), (int32_t)a[2])
CALL(perfbuf_open, H(0), N(1))
CALL(perfbuf_acquire, H(0), P(1), N(2), (int32_t)a[3])
CALL(perfbuf_close, H(0))
CALL(user_ringbuf_reserve, H(0), N(1), (int32_t)a[2])
CALL(user_ringbuf_submit, H(0), (int32_t)a[1], P(2), N(3))
CALL(user_ringbuf_discard, H(0), (int32_t)a[1])
CALL(wait, P(0), N(1), (int32_t)a[2])

static int failures;
static ecc_handle_t object, other, writer, map, ring, user_ring, shown, program, link_handle;

static void check(const struct call *call, const uint64_t *arguments, bool must_fail)
{
	int64_t result = call->make(arguments);

	/* One acquire answers with an offset and a length. */
	if (result < -4095 || (must_fail && result >= 0)) {
		printf("%s(", call->name);
		for (uint32_t i = 0; i < call->count; i++)
			printf(i ? ", %#llx" : "%#llx", (unsigned long long)arguments[i]);
		printf(") is %lld\n", (long long)result);
		failures++;
	}
}

static uint32_t wrong_values(enum type type, struct wrong_value *out)
{
	uint64_t end = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
	uint32_t count = 0;

#define ADD(what, fails) out[count++] = (struct wrong_value){ what, fails }
	switch (type) {
	case HANDLE:
		ADD(0, true);
		ADD(1, true);
		ADD(0xffffffffu, true);
		ADD(ECC_HANDLE_FIRST - 1, true);
		ADD(0x7fffffff, true);
		ADD((uint64_t)link_handle + 1000, true);
		ADD(0x80000000u, true);
		break;
	case ADDRESS:
		ADD(1, false);
		ADD((uintptr_t)buffer + 1, false);
		ADD(end - 1, false);
		ADD(end, true);
		ADD(0xffffffffu, true);
		ADD((uintptr_t)ring_window + 4096, false);
		ADD((uintptr_t)array_window + 1, false);
		break;
	case LENGTH:
		ADD(0, false);
		ADD(1, false);
		ADD(7, false);
		ADD(4097, false);
		ADD(65536, false);
		ADD(0x7fffffff, false);
		ADD(0x80000000u, false);
		ADD(0xffffffffu, false);
		break;
	case NUMBER:
		ADD(0, false);
		ADD(3, false);
		ADD(0x7fffffff, false);
		ADD(0x80000000u, false);
		ADD(0xffffffffffffffffu, false);
		break;
	}
#undef ADD
	return count;
}

/* `i` wrong; if it is an address, the lengths wrong too. */
static void try_argument(const struct call *call, uint32_t i)
{
	struct wrong_value wrong[8], lengths[8];
	uint64_t arguments[MOST_ARGUMENTS];
	uint32_t count = wrong_values(call->arguments[i].type, wrong);
	uint32_t length_count = wrong_values(LENGTH, lengths);

	for (uint32_t j = 0; j < call->count; j++)
		arguments[j] = call->arguments[j].right;
	for (uint32_t w = 0; w < count; w++) {
		arguments[i] = wrong[w].value;
		check(call, arguments, wrong[w].must_fail);
		if (call->arguments[i].type != ADDRESS || i + 1 == call->count || call->arguments[i + 1].type != LENGTH)
			continue;
		for (uint32_t l = 0; l < length_count; l++) {
			arguments[i + 1] = lengths[l].value;
			check(call, arguments, false);
		}
		arguments[i + 1] = call->arguments[i + 1].right;
	}
}

static bool prepare(void)
{
	object = ecc_object_open("events", 6, 0);
	other = ecc_object_open("events", 6, 0);
	writer = ecc_object_open("requests", 8, 0);
	if (ecc_object_load(object) || ecc_object_load(writer))
		return false;
	map = ecc_map_find(object, "table", 5);
	ring = ecc_map_find(object, "events", 6);
	program = ecc_program_find(object, "on_getpriority", 14);
	link_handle = ecc_program_attach(program, 0);
	shown = ecc_map_find(object, "shown", 5);
	user_ring = ecc_map_find(writer, "requests", 8);
	item.handle = ring;
	batch.keys = (uintptr_t)&key;
	batch.values = (uintptr_t)&value;
	batch.next = (uintptr_t)buffer;
	return !ecc_map_mmap(ring, ring_window, WINDOW, 0, &mmap_info) && mmap_info.mode == ECC_MMAP_ZERO_COPY &&
	       !ecc_map_mmap(shown, array_window, WINDOW, ECC_MMAP_WRITE, &mmap_info) && object >= 0 && other >= 0 && map >= 0 &&
	       program >= 0 && link_handle >= 0;
}

#define A(x) { ADDRESS, (uintptr_t)(x) }
#define L(x) { LENGTH, (x) }
#define HA(x) { HANDLE, (uint32_t)(x) }
#define NU(x) { NUMBER, (x) }
#define ROW(function, n, ...) { #function, call_##function, n, { __VA_ARGS__ } }

int main(void)
{
	if (!prepare())
		return 2;

	/* A right handle is that of another object, or of nothing, where success would take away what others need. */
	const struct call calls[] = {
		ROW(object_open, 3, A("absent"), L(6), A(&object_opts)),
		ROW(object_open_bytes, 3, A(buffer), L(16), A(&object_opts)),
		ROW(object_load, 1, HA(map)),
		ROW(object_log, 3, HA(object), A(buffer), L(16)),
		ROW(object_close, 1, HA(map)),
		ROW(map_find, 3, HA(object), A("table"), L(5)),
		ROW(map_info, 2, HA(map), A(&info)),
		ROW(map_lookup, 6, HA(map), A(&key), L(4), A(&value), L(8), NU(0)),
		ROW(map_update, 6, HA(map), A(&key), L(4), A(&value), L(8), NU(0)),
		ROW(map_lookup_and_delete, 6, HA(map), A(&key), L(4), A(&value), L(8), NU(0)),
		ROW(map_batch, 3, HA(map), A(&batch), A(&value)),
		ROW(map_delete, 4, HA(map), A(&key), L(4), NU(0)),
		ROW(map_next_key, 4, HA(map), A(&key), A(&value), L(4)),
		ROW(map_pin, 3, HA(map), A("/sys/fs/bpf/x"), L(13)),
		ROW(map_unpin, 3, HA(map), A("/sys/fs/bpf/x"), L(13)),
		ROW(map_reuse, 3, HA(map), A("/sys/fs/bpf/x"), L(13)),
		ROW(map_attach, 1, HA(map)),
		ROW(link_pin, 3, HA(link_handle), A("/sys/fs/bpf/x"), L(13)),
		ROW(map_get_initial, 3, HA(map), A(&value), L(8)),
		ROW(map_set_initial, 3, HA(map), A(&value), L(8)),
		ROW(map_set_max_entries, 2, HA(map), NU(1)),
		ROW(map_mmap, 5, HA(map), A(array_window), L(WINDOW), NU(0), A(&mmap_info)),
		ROW(map_munmap, 1, HA(program)),
		ROW(map_sync, 1, HA(ring)),
		ROW(program_find, 3, HA(object), A("on_getpriority"), L(14)),
		ROW(program_autoload, 1, HA(program)),
		ROW(program_set_autoload, 2, HA(program), NU(1)),
		ROW(program_set_attach_target, 4, HA(program), HA(program), A("schedule"), L(8)),
		ROW(program_attach, 2, HA(other), A(&attach_opts)),
		ROW(link_detach, 1, HA(program)),
		ROW(link_update, 2, HA(link_handle), HA(program)),
		ROW(program_test_run, 3, HA(program), A(&test_run), A(&test_result)),
		ROW(iterator_open, 1, HA(link_handle)),
		ROW(iterator_read, 3, HA(program), A(buffer), L(64)),
		ROW(iterator_close, 1, HA(program)),
		ROW(interface_index, 2, A("lo"), L(2)),
		ROW(symbol_at, 4, NU(0xffffffff81000000), A(buffer), L(16), A(&value)),
		ROW(symbol_find, 3, A("schedule"), L(8), A(&value)),
		ROW(process_map_at, 6, NU(1), NU(0x400000), A(buffer), L(16), A(&value), A(&value)),
		ROW(ringbuf_acquire, 3, HA(ring), NU(0), NU(0)),
		ROW(perfbuf_open, 2, HA(map), NU(1)),
		ROW(perfbuf_acquire, 4, HA(map), A(buffer), L(sizeof(buffer)), NU(0)),
		ROW(perfbuf_close, 1, HA(map)),
		ROW(user_ringbuf_reserve, 3, HA(user_ring), L(16), NU(0)),
		ROW(user_ringbuf_submit, 4, HA(user_ring), NU(0), A(buffer), L(16)),
		ROW(user_ringbuf_discard, 2, HA(user_ring), NU(1)),
		ROW(wait, 3, A(&item), L(1), NU(0)),
	};
	int made = 0;

	for (size_t c = 0; c < sizeof(calls) / sizeof(*calls); c++) {
		for (uint32_t i = 0; i < calls[c].count; i++) {
			/* Times have no wrong value, and a wrong place in a ring buffer is a trap, which has its own test. */
			if (calls[c].arguments[i].type == NUMBER &&
			    (calls[c].make == call_wait || calls[c].make == call_ringbuf_acquire ||
			     calls[c].make == call_perfbuf_acquire || calls[c].make == call_user_ringbuf_reserve))
				continue;
			try_argument(&calls[c], i);
			made++;
		}
	}
	/* After all that everything still works. */
	value = 7;
	if (ecc_map_update(map, &key, 4, &value, 8, 0) || ecc_link_detach(link_handle) || ecc_object_close(object))
		failures++;
	printf("%d arguments, %d failures\n", made, failures);
	return failures != 0;
}
