// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// events MAGIC ROUNDS COUNT large|small sum|print|walk: asks for COUNT records ROUNDS times and prints the nanoseconds that
// consuming one takes in an undisturbed round. The same source is a native program and a user part. It asks by a line on
// standard error and is answered by one on standard input, so that making records does not count. `walk` reads without a
// callback, which libbpf does not offer.
#include <bpf/libbpf.h>

#include "events.h"
#include "events.skel.h"

#ifdef __wasm__
#include <ecc/ring.h>

static struct ecc_ring ring;

static int walk(void)
{
	struct ecc_ring local = ring;
	const unsigned long long *record;
	unsigned long long total = 0;
	size_t size;
	int count = 0;

	while (ecc_ring_acquire(&local, 0) > 0)
		for (; (record = ecc_ring_next(&local, &size)); count++)
			total += *record;
	sum += total;
	ring = local;
	return count;
}
#endif

static struct ring_buffer *records;

static int add(void *context, void *data, size_t size)
{
	(void)context;
	(void)size;
	sum += *(const unsigned long long *)data;
	return 0;
}

static int print(void *context, void *data, size_t size)
{
	const unsigned long long *record = data;

	(void)context;
	printf("%-16s %-7llu %-7llu %zu\n", "record", record[0], record[1], size);
	return 0;
}

static int consume(void)
{
	return ring_buffer__consume(records);
}

int main(int argc, char **argv)
{
	struct events_bpf *skel = events_bpf__open_and_load();
	unsigned int key = 0;

	if (!skel || argc != 6)
		return 1;

	struct settings settings = settings_of(argv);

	if (bpf_map__update_elem(skel->maps.settings, &key, sizeof(key), &settings, sizeof(settings), 0) ||
	    events_bpf__attach(skel))
		return 1;
#ifdef __wasm__
	if (!strcmp(argv[5], "walk")) {
		if (ecc_ring_open(&ring, bpf_map__fd(skel->maps.records)))
			return 1;
		measure(atoi(argv[2]), (int)settings.count, walk);
		return 0;
	}
#endif
	records = ring_buffer__new(bpf_map__fd(skel->maps.records), strcmp(argv[5], "print") ? add : print, NULL, NULL);
	if (!records)
		return 1;
	measure(atoi(argv[2]), (int)settings.count, consume);
	ring_buffer__free(records);
	events_bpf__destroy(skel);
	return 0;
}
