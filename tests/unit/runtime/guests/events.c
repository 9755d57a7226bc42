/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads and attaches `events` and prints the number of each event. Arguments: how many (0: until a signal), and
 * "keep" to give back one record at a time, "trap" and "half" to give back what is no record, "signals" to end by itself at a
 * signal.
 */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(65536) unsigned char window[65536];
static _Alignas(65536) unsigned char array[65536];

static int fail(const char *what, long long error)
{
	printf("%s: %lld\n", what, error);
	exit(1);
}

static int print_span(const unsigned char *at, const unsigned char *end, int *left, int one, uint32_t *consumed)
{
	const unsigned char *start = at;

	while (at < end && *left != 0) {
		uint32_t header;

		memcpy(&header, at, 4);
		if (!(header & 0x40000000)) {
			uint64_t number;

			memcpy(&number, at + 8, 8);
			printf("%llu\n", (unsigned long long)number);
			--*left;
		}
		at += ((header & 0x3fffffff) + 8 + 7) & ~7u;
		if (one)
			break;
	}
	fflush(stdout);
	*consumed = (uint32_t)(at - start);
	return 0;
}

int main(int argc, char **argv)
{
	int left = argc > 1 && atoi(argv[1]) ? atoi(argv[1]) : -1;
	const char *mode = argc > 2 ? argv[2] : "";
	ecc_handle_t object = ecc_object_open("events", 6, 0);

	if (object < 0)
		fail("open", object);
	uint64_t add = 100;
	int error = ecc_map_set_initial(ecc_map_find(object, ".rodata", 7), &add, sizeof(add));

	if (error || (error = ecc_object_load(object)))
		fail("load", error);
	ecc_handle_t link = ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0);

	if (link < 0)
		fail("attach", link);
	ecc_handle_t ring = ecc_map_find(object, "events", 6);
	ecc_handle_t shown = ecc_map_find(object, "shown", 5);
	struct ecc_mmap_info info = {.size = sizeof(info)};

	if ((error = ecc_map_mmap(ring, window, sizeof(window), 0, &info)) || info.data_size != 8192)
		fail("mmap", error);
	if ((error = ecc_map_mmap(shown, array, sizeof(array), ECC_MMAP_WRITE, &info)) || info.element_stride != 8)
		fail("mmap of the array", error);
	((uint64_t *)array)[2] = 42;
	puts("ready");
	fflush(stdout);

	uint32_t consumed = 0;

	while (left != 0) {
		int64_t span = ecc_ringbuf_acquire(ring, consumed, -1);

		if (span == -4 && !strcmp(mode, "signals")) {
			printf("signal %d\n", ecc_signal_take());
			return 7;
		}
		if (span < 0 && span != -4)
			fail("acquire", span);
		consumed = 0;
		if (span <= 0)
			continue;
		const unsigned char *at = window + (uint32_t)(span >> 32);

		print_span(at, at + (uint32_t)span, &left, !strcmp(mode, "keep"), &consumed);
		if (!strcmp(mode, "trap"))
			consumed = 4;
		if (!strcmp(mode, "half"))
			consumed = 8;
	}
	ecc_ringbuf_acquire(ring, consumed, 0);
	if ((error = ecc_map_sync(shown)))
		fail("sync", error);
	printf("array %llu %llu\n", (unsigned long long)((uint64_t *)array)[1], (unsigned long long)((uint64_t *)array)[2]);
	uint32_t key = 2;
	uint64_t value = 0;

	if ((error = ecc_map_lookup(shown, &key, 4, &value, 8, 0)))
		fail("lookup", error);
	printf("kernel %llu\n", (unsigned long long)value);
	return 0;
}
