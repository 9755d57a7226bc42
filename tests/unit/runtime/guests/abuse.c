/* SPDX-License-Identifier: Apache-2.0 */
/* Misbehaves as its first argument says. What the host answers with an errno is counted; what it must not survive
 * ends it. */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

enum { PAGE = 65536 };

/* The compiler must not see what comes of it. */
static volatile int zero;
static int (*volatile indirect)(int);
static volatile uintptr_t anywhere;

static uintptr_t memory_end(void)
{
	return (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
}

static int loop(void)
{
	for (volatile int forever = 1; forever;)
		;
	return 0;
}

static int host_call_loop(void)
{
	__wasi_timestamp_t now;

	while (!zero)
		(void)__wasi_clock_time_get(0, 1, &now);
	return 0;
}

static int descend(int depth)
{
	return indirect(depth + 1) + 1;
}

static int descend_with_frames(int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	return indirect(depth + 1) + frame[0];
}

static int recursion_with_frames(void)
{
	indirect = descend_with_frames;
	return indirect(0);
}

static int recursion(void)
{
	indirect = descend;
	return indirect(0);
}

static int grow(void)
{
	unsigned int pages = 0;

	while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1 && pages < 65536)
		pages += 16;
	*(volatile char *)(memory_end() - 1) = 1;
	printf("%zu\n", (size_t)__builtin_wasm_memory_size(0));
	return 0;
}

static int flood(void)
{
	while (!zero)
		puts("flood");
	return 0;
}

static int flood_errors(void)
{
	while (!zero)
		fputs("flood", stderr);
	return 0;
}

static int load(void)
{
	return *(volatile char *)memory_end();
}

static int store(void)
{
	*(volatile int *)(memory_end() - 2) = 1;
	return 0;
}

static int far_store(void)
{
	*(volatile long long *)(uintptr_t)0xffffffff = 1;
	return 0;
}

static int fill(void)
{
	anywhere = memory_end() - 8;
	memset((void *)anywhere, 1, 4096);
	return 0;
}

static int copy(void)
{
	anywhere = memory_end() - 8;
	memmove((void *)16, (void *)anywhere, 4096 + (size_t)zero);
	return 0;
}

static int divide(void)
{
	volatile int one = 1;

	return (one + 6) / zero;
}

static int divide_too_far(void)
{
	volatile int minus = -1;
	volatile int lowest = INT_MIN;

	return lowest / minus;
}

static int call_nothing(void)
{
	indirect = (int (*)(int))(uintptr_t)zero;
	return indirect(1);
}

static int call_outside(void)
{
	indirect = (int (*)(int))(uintptr_t)(100000 + zero);
	return indirect(1);
}

static int call_wrong_type(void)
{
	indirect = (int (*)(int))(uintptr_t)&puts;
	indirect = (int (*)(int))(uintptr_t)&memmove;
	return indirect(1);
}

static int crash(void)
{
	__builtin_trap();
}

static int wrong;

static void expect(const char *what, int refused)
{
	if (!refused) {
		printf("%s is not refused\n", what);
		wrong++;
	}
}
#define REFUSED(call) expect(#call, (call) != 0)

/* Every pointer of these is bad. The imports of wasi/api.h have the same names with a longer one for the host's. */
static int wasi_pointers(void)
{
	uint8_t *outside = (uint8_t *)memory_end();
	uint8_t *last = outside - 1;
	uint8_t *highest = (uint8_t *)0xfffffff0u;
	__wasi_ciovec_t whole = { (uint8_t *)16, 0xffffffffu };
	__wasi_ciovec_t behind = { outside, 1 };
	__wasi_size_t size;

	for (int fd = 1; fd < 3; fd++) {
		REFUSED(__wasi_fd_write(fd, &whole, 1, &size));
		REFUSED(__wasi_fd_write(fd, &behind, 1, &size));
		REFUSED(__wasi_fd_write(fd, (__wasi_ciovec_t *)last, 1, &size));
		REFUSED(__wasi_fd_write(fd, (__wasi_ciovec_t *)highest, 0x20000000u, &size));
	}
	REFUSED(__wasi_fd_write(1, &(__wasi_ciovec_t){ (uint8_t *)"", 0 }, 1, (__wasi_size_t *)last));
	REFUSED(__wasi_clock_time_get(0, 1, (__wasi_timestamp_t *)last));
	REFUSED(__wasi_clock_time_get(77, 1, (__wasi_timestamp_t *)16));
	REFUSED(__wasi_poll_oneoff((__wasi_subscription_t *)last, (__wasi_event_t *)16, 1, &size));
	REFUSED(__wasi_poll_oneoff((__wasi_subscription_t *)16, (__wasi_event_t *)last, 0xffffffffu, &size));
	REFUSED(__wasi_fd_close(1000000));
	REFUSED(__wasi_fd_close((__wasi_fd_t)-1));
	REFUSED(__wasi_fd_renumber(1, 1000000));
	REFUSED(__wasi_fd_write(1000000, &behind, 1, &size));
	return wrong;
}

/* Wasmtime's own answer to these is a trap. */
static int random_outside(void)
{
	return __wasi_random_get((uint8_t *)memory_end() - 1, 4096);
}

static int status_outside(void)
{
	return __wasi_fd_fdstat_get(1, (__wasi_fdstat_t *)(memory_end() - 1));
}

static const struct {
	const char *name;
	int (*run)(void);
} modes[] = {
	{ "loop", loop },
	{ "host-call-loop", host_call_loop },
	{ "recursion", recursion },
	{ "recursion-with-frames", recursion_with_frames },
	{ "grow", grow },
	{ "flood", flood },
	{ "flood-errors", flood_errors },
	{ "load", load },
	{ "store", store },
	{ "far-store", far_store },
	{ "fill", fill },
	{ "copy", copy },
	{ "divide", divide },
	{ "divide-too-far", divide_too_far },
	{ "call-nothing", call_nothing },
	{ "call-outside", call_outside },
	{ "call-wrong-type", call_wrong_type },
	{ "crash", crash },
	{ "wasi-pointers", wasi_pointers },
	{ "random-outside", random_outside },
	{ "status-outside", status_outside },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			return modes[i].run();
	return 99;
}
