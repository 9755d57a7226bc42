/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for a ring buffer, a perf buffer and standard input at once and says which is ready; ends at a signal. */
#include <ecc/host.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Alignas(65536) unsigned char window[65536];
static unsigned char samples[ECC_PERFBUF_LENGTH_MIN];

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static void empty_ring(ecc_handle_t ring, uint32_t *consumed)
{
	int64_t span = ecc_ringbuf_acquire(ring, *consumed, 0);

	*consumed = span > 0 ? (uint32_t)span : 0;
	ecc_ringbuf_acquire(ring, *consumed, 0);
	*consumed = 0;
}

int main(void)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);
	struct ecc_mmap_info info = {.size = sizeof(info)};
	uint32_t consumed = 0;

	if (ecc_object_load(object))
		return 1;
	ecc_handle_t ring = ecc_map_find(object, "events", 6), perf = ecc_map_find(object, "perf", 4);

	if (ecc_map_mmap(ring, window, sizeof(window), 0, &info) || ecc_perfbuf_open(perf, 4) ||
	    ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0) < 0)
		return 2;
	say("ready");
	for (;;) {
		struct ecc_wait_item items[] = {{ECC_WAIT_RINGBUF, ring, 7}, {ECC_WAIT_PERFBUF, perf, 7}, {ECC_WAIT_STDIN, 0, 7}};
		int count = ecc_wait(items, 3, -1);
		char text[64], byte;

		if (count < 0) {
			snprintf(text, sizeof(text), "wait %d signal %d", count, ecc_signal_take());
			say(text);
			return 0;
		}
		snprintf(text, sizeof(text), "%d: ring %u perf %u input %u", count, items[0].ready, items[1].ready,
			 items[2].ready);
		say(text);
		if (items[2].ready)
			read(0, &byte, 1);
		if (items[0].ready)
			empty_ring(ring, &consumed);
		if (items[1].ready)
			ecc_perfbuf_acquire(perf, samples, sizeof(samples), 0);
	}
}
