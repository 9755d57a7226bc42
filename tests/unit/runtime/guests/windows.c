/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows the ring buffer and the array of `events` in windows and then does what its first argument says: writes where
 * it must not, in every way there is, or uses an array's window as a program would.
 */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

enum { WINDOW = 65536, E_PERM = -1, E_2BIG = -7, E_BADF = -9, E_FAULT = -14, E_INVAL = -22 };

static _Alignas(WINDOW) unsigned char ring_window[WINDOW];
static _Alignas(WINDOW) unsigned char array_window[WINDOW];
static ecc_handle_t object, ring, shown;
static int wrong;

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static void expect(const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	printf("%s: %lld instead of %lld\n", what, got, wanted);
	wrong++;
}
#define EXPECT(call, wanted) expect(#call, call, wanted)

/* The compiler must not see what the address is. */
static unsigned char *hidden(unsigned char *address)
{
	__asm__("" : "+r"(address));
	return address;
}

static void store(void)
{
	*hidden(ring_window) = 1;
}

static void store_at_the_last_byte(void)
{
	*hidden(ring_window + 8191) = 1;
}

static void fill(void)
{
	__builtin_memset(hidden(ring_window), 1, 8192);
}

static void fill_around(void)
{
	__builtin_memset(hidden(ring_window), 1, sizeof(ring_window));
}

static void copy(void)
{
	__builtin_memcpy(hidden(ring_window + 4), hidden(array_window), 4096);
}

static void random_bytes(void)
{
	(void)__wasi_random_get(ring_window, 64);
}

static void arguments(void)
{
	(void)__wasi_args_get((uint8_t **)ring_window, ring_window + 64);
}

static void status(void)
{
	(void)__wasi_fd_fdstat_get(1, (__wasi_fdstat_t *)ring_window);
}

static void read_input(void)
{
	__wasi_iovec_t iovec = {ring_window, 64};
	__wasi_size_t got;

	(void)__wasi_fd_read(0, &iovec, 1, &got);
}

static void fill_and_exit(void)
{
	fill();
	_Exit(0);
}

static void fill_and_spin(void)
{
	fill();
	for (volatile int forever = 1; forever;)
		;
}

/* The host functions of our own refuse. */
static void our_results(void)
{
	void *window = ring_window + 64;
	uint32_t key = 1, flags = 0;
	uint64_t value = 1;
	ecc_handle_t table = ecc_map_find(object, "table", 5);
	__wasi_event_t *events = window;
	__wasi_subscription_t clock = {.u.tag = __WASI_EVENTTYPE_CLOCK, .u.u.clock.id = __WASI_CLOCKID_MONOTONIC};

	EXPECT(ecc_map_update(table, &key, 4, &value, 8, flags), 0);
	EXPECT(ecc_map_lookup(table, &key, 4, window, 8, flags), E_FAULT);
	EXPECT(ecc_map_lookup(table, &key, 4, ring_window - 4, 8, flags), E_FAULT);
	EXPECT(ecc_map_lookup(table, &key, 4, ring_window + 8191, 8, flags), E_FAULT);
	EXPECT(ecc_map_next_key(table, 0, window, 4), E_FAULT);
	EXPECT(ecc_map_info(table, window), -22); /* a size of 0 is there */
	EXPECT(ecc_object_log(object, window, 8), E_FAULT);
	EXPECT(ecc_wait(window, 1, 0), E_FAULT);
	EXPECT(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, window), __WASI_ERRNO_FAULT);
	EXPECT(__wasi_poll_oneoff(&clock, events, 1, (__wasi_size_t *)&value), __WASI_ERRNO_FAULT);
	/* Reading from there is allowed: an empty ring buffer is zero. */
	EXPECT(ecc_map_update(table, window, 4, window, 8, flags), 0);
	key = 0;
	EXPECT(ecc_map_lookup(table, &key, 4, &value, 8, flags), 0);
	expect("the value from the window", (long long)value, 0);
	/* So is writing next to it. */
	EXPECT(ecc_map_lookup(table, &key, 4, ring_window + 8192, 8, flags), 0);
	EXPECT(ecc_map_munmap(ring), 0);
	EXPECT(ecc_map_lookup(table, &key, 4, window, 8, flags), 0);
}

/* After the last page there is ordinary memory, and there it is again when the window goes. */
static void ordinary_memory(void)
{
	memset(hidden(ring_window + 8192), 7, sizeof(ring_window) - 8192);
	expect("the byte behind", ring_window[8192], 7);
	EXPECT(ecc_map_munmap(ring), 0);
	memset(hidden(ring_window), 8, sizeof(ring_window));
	expect("the byte", hidden(ring_window)[0], 8);
	EXPECT((long long)__builtin_wasm_memory_grow(0, 1) > 0, 1);
}

static uint64_t element(uint32_t key)
{
	uint64_t value = 0;

	EXPECT(ecc_map_lookup(shown, &key, 4, &value, 8, 0), 0);
	return value;
}

/* Both sides change elements of one page: nobody's changes get lost. Waits for a line so that the test can act. */
static void share(void)
{
	volatile uint64_t *array = (volatile uint64_t *)array_window;

	EXPECT(ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0) > 0, 1);
	say("ready");
	array[2] = 0x1122334455667788;
	(void)getchar();
	EXPECT(ecc_map_sync(shown), 0);
	expect("what the kernel counted", (long long)array[1], 5);
	expect("the guest's", (long long)element(2), 0x1122334455667788);
	expect("the kernel's", (long long)element(1), 5);
	((volatile unsigned char *)array)[16] = 0x99;
	EXPECT(ecc_map_sync(shown), 0);
	expect("one byte", (long long)element(2), 0x1122334455667799);
	EXPECT(ecc_map_munmap(shown), 0);
	expect("zeroed", (long long)array[2], 0);
	struct ecc_mmap_info info = {.size = sizeof(info)};
	EXPECT(ecc_map_mmap(shown, array_window, WINDOW, 0, &info), 0);
	expect("read again", (long long)array[2], 0x1122334455667799);
}

static void frozen(void)
{
	struct ecc_mmap_info info = {.size = sizeof(info)};

	EXPECT(ecc_map_munmap(ring), 0);
	EXPECT(ecc_map_mmap(ecc_map_find(object, ".rodata", 7), ring_window, WINDOW, ECC_MMAP_WRITE, &info), E_PERM);
	EXPECT(ecc_map_mmap(ecc_map_find(object, ".rodata", 7), ring_window, WINDOW, 0, &info), 0);
	expect("the constant", ring_window[0], 0);
}

/* The description of a window cannot be written into the window itself. */
static void own_info(void)
{
	EXPECT(ecc_map_munmap(ring), 0);
	*(uint32_t *)ring_window = sizeof(struct ecc_mmap_info);
	EXPECT(ecc_map_mmap(ring, ring_window, WINDOW, 0, ring_window) < 0, 1);
	memset(hidden(ring_window), 1, sizeof(ring_window));
}

/* The arguments of many calls lie where another process changes them all the time: each call answers for one of the values
 * that were there. */
static void changing(void)
{
	ecc_handle_t table = ecc_map_find(object, "table", 5);
	void *window = hidden(array_window);

	say("ready");
	for (int i = 0; i < 5000; i++) {
		ecc_handle_t opened = ecc_object_open("events", 6, window);

		if (opened > 0)
			EXPECT(ecc_object_close(opened), 0);
		else if (opened != E_INVAL && opened != E_2BIG)
			EXPECT(opened, E_INVAL);
		(void)ecc_map_update(table, window, 4, (char *)window + 8, 8, 0);
		(void)ecc_map_find(object, (const char *)window, 8);
		(void)ecc_wait(window, 2, 0);
		(void)ecc_map_info(table, window);
	}
}

/* What an object shows goes with it. */
static void closed(void)
{
	array_window[0] = 1;
	EXPECT(ecc_object_close(object), 0);
	EXPECT(ecc_ringbuf_acquire(ring, 0, 0), E_BADF);
	EXPECT(ecc_map_sync(shown), E_BADF);
	expect("the array", hidden(array_window)[0], 0);
	memset(hidden(ring_window), 7, sizeof(ring_window));
	expect("the byte", hidden(ring_window)[0], 7);
}

static const struct {
	const char *name;
	void (*run)(void);
} modes[] = {
	{"store", store},
	{"store at the last byte", store_at_the_last_byte},
	{"fill", fill},
	{"fill around", fill_around},
	{"copy", copy},
	{"random", random_bytes},
	{"arguments", arguments},
	{"status", status},
	{"read", read_input},
	{"fill and exit", fill_and_exit},
	{"fill and spin", fill_and_spin},
	{"our results", our_results},
	{"ordinary memory", ordinary_memory},
	{"share", share},
	{"frozen", frozen},
	{"own info", own_info},
	{"changing", changing},
	{"closed", closed},
};

int main(int argc, char **argv)
{
	struct ecc_mmap_info info = {.size = sizeof(info)};

	if (argc < 2)
		return 1;
	object = ecc_object_open("events", 6, 0);
	EXPECT(ecc_object_load(object), 0);
	ring = ecc_map_find(object, "events", 6);
	shown = ecc_map_find(object, "shown", 5);
	EXPECT(ecc_map_mmap(ring, ring_window, WINDOW, 0, &info), 0);
	printf("ring %s\n", info.mode == ECC_MMAP_ZERO_COPY ? "zero copy" : "copy");
	EXPECT(ecc_map_mmap(shown, array_window, WINDOW, ECC_MMAP_WRITE, &info), 0);
	printf("array %s\n", info.mode == ECC_MMAP_ZERO_COPY ? "zero copy" : "copy");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, argv[1]))
			modes[i].run();
	say("end");
	return wrong;
}
