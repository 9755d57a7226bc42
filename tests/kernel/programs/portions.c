// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// portions MAGIC: after ten calls, consumes their records in portions and prints what each call gave and returned.
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "rings.skel.h"

static unsigned int last;

static int on_record(void *context, void *data, size_t size)
{
	(void)context;
	(void)size;
	last = *(unsigned int *)data;
	return 0;
}

static int on_even(void *context, void *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return 0;
}

int main(int argc, char **argv)
{
	static const size_t portions[] = { 0, 1, 3, 100, 1 };
	struct rings_bpf *skel = rings_bpf__open();

	if (!skel || argc < 2)
		return 1;
	skel->rodata->magic = strtoull(argv[1], NULL, 10);
	if (rings_bpf__load(skel) || rings_bpf__attach(skel))
		return 2;

	struct ring_buffer *rb = ring_buffer__new(bpf_map__fd(skel->maps.ring_all), on_record, NULL, NULL);
	struct ring_buffer *even = ring_buffer__new(bpf_map__fd(skel->maps.ring_even), on_even, NULL, NULL);

	if (!rb || !even)
		return 3;
	puts("ready");
	fflush(stdout);
	while (skel->bss->calls < 10)
		ring_buffer__poll(even, 1000);
	for (size_t i = 0; i < sizeof(portions) / sizeof(*portions); i++) {
		int count = ring_buffer__consume_n(rb, portions[i]);

		printf("%zu: %d, up to %u\n", portions[i], count, last);
	}
	ring_buffer__free(even);
	ring_buffer__free(rb);
	rings_bpf__destroy(skel);
	return 0;
}
