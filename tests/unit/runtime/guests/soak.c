/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs `soak` for long. Arguments: the magic number, and "count", which counts records until a signal and then says how many
 * came, were made and were lost; or "cycle", a number and a path: opens, loads, attaches, shows, pins the
 * map there, unpins and closes so often, waits for a line before and after it; or "quiet", which waits for a line before it asks for records.
 */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 2 * 262144, E_INTR = -4 };

static _Alignas(65536) unsigned char window[WINDOW];
static uint64_t magic, received;
static ecc_handle_t object, ring;

static void must(const char *what, long long result)
{
	if (result >= 0)
		return;
	printf("%s: %lld\n", what, result);
	exit(1);
}
#define MUST(call) must(#call, call)

static void start(void)
{
	struct ecc_mmap_info info = {.size = sizeof(info)};

	MUST(object = ecc_object_open("soak", 4, 0));
	MUST(ecc_map_set_initial(ecc_map_find(object, ".rodata", 7), &magic, sizeof(magic)));
	MUST(ecc_object_load(object));
	MUST(ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0));
	MUST(ring = ecc_map_find(object, "records", 7));
	MUST(ecc_map_mmap(ring, window, WINDOW, 0, &info));
}

/* The bytes of all records up to the first that is not there yet. */
static uint32_t take(const unsigned char *at, uint32_t length)
{
	uint32_t consumed = 0;

	while (consumed < length) {
		uint32_t header = *(const volatile uint32_t *)(at + consumed);

		if (header & 0x80000000)
			break;
		received++;
		consumed += ((header & 0x3fffffff) + 8 + 7) & ~7u;
	}
	return consumed;
}

static void count(void)
{
	uint32_t consumed = 0;
	int timeout = -1;

	for (;;) {
		int64_t span = ecc_ringbuf_acquire(ring, consumed, timeout);

		consumed = 0;
		if (span == E_INTR && ecc_signal_take())
			timeout = 0; /* what is left */
		else if (span < 0)
			must("acquire", span);
		else if (span == 0 && timeout == 0)
			break;
		else
			consumed = take(window + (uint32_t)(span >> 32), (uint32_t)span);
	}
	uint64_t counts[2];
	uint32_t key = 0;

	MUST(ecc_map_lookup(ecc_map_find(object, ".bss", 4), &key, 4, counts, sizeof(counts), 0));
	printf("received %llu produced %llu lost %llu\n", received, counts[0], counts[1]);
}

static void cycle(const char *pin)
{
	start();
	MUST(ecc_map_pin(ring, pin, strlen(pin)));
	MUST(ecc_map_unpin(ring, pin, strlen(pin)));
	MUST(ecc_object_close(object));
}

static void say_and_wait(const char *line)
{
	puts(line);
	fflush(stdout);
	(void)getchar();
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	magic = strtoull(argv[1], 0, 10);
	start();
	if (!strcmp(argv[2], "count")) {
		puts("ready");
		fflush(stdout);
		count();
		return 0;
	}
	if (!strcmp(argv[2], "quiet")) {
		say_and_wait("ready");
		return !take(window, (uint32_t)ecc_ringbuf_acquire(ring, 0, -1));
	}
	MUST(ecc_object_close(object));
	cycle(argv[4]); /* what is kept from the first time on is no leak */
	say_and_wait("ready");
	for (int i = 0; i < atoi(argv[3]); i++) {
		cycle(argv[4]);
		printf("%d\n", i);
		fflush(stdout);
	}
	say_and_wait("done");
	return 0;
}
