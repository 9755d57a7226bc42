// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Prints nanoseconds and what they are of: the median of several rounds. The same source is a native program and a user
// part.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "maps.skel.h"

enum { entries = 1024, rounds = 50 };

static struct maps_bpf *skel;
static unsigned long long sum;

static int update_all(void)
{
	int wrong = 0;

	for (unsigned int key = 0; key < entries; key++) {
		unsigned long long value = key;

		wrong |= bpf_map__update_elem(skel->maps.table, &key, sizeof(key), &value, sizeof(value), BPF_ANY);
	}
	return wrong;
}

static int look_up_all(void)
{
	int wrong = 0;

	for (unsigned int key = 0; key < entries; key++) {
		unsigned long long value = 0;

		wrong |= bpf_map__lookup_elem(skel->maps.table, &key, sizeof(key), &value, sizeof(value), 0);
		wrong |= value != key;
	}
	return wrong;
}

static int look_up_in_batches(void)
{
	static unsigned int keys[entries];
	static unsigned long long values[entries];
	unsigned int position, count = entries, wrong = 0;
	int err = bpf_map_lookup_batch(bpf_map__fd(skel->maps.table), NULL, &position, keys, values, &count, NULL);

	for (unsigned int i = 0; i < count; i++)
		wrong |= values[i] != keys[i];
	return wrong || count != entries || (err && err != -ENOENT);
}

static int read_global(void)
{
	const volatile unsigned long long *counter = (const volatile unsigned long long *)&skel->data->counter;

	for (int i = 0; i < entries; i++)
		sum += *counter;
	return sum == 0;
}

static void time_each(const char *what, int (*use)(void))
{
	double unavoidable = clock_cost();
	double times[rounds];

	for (int i = 0; i < rounds; i++) {
		double start = now();

		if (use()) {
			fprintf(stderr, "%s: failed\n", what);
			exit(1);
		}
		times[i] = (now() - start - unavoidable) / entries;
	}
	printf("%.3f %s\n", median(times, rounds), what);
}

int main(void)
{
	skel = maps_bpf__open_and_load();
	if (!skel)
		return 1;
	time_each("update of an element", update_all);
	time_each("lookup of an element", look_up_all);
	time_each("lookup in a batch, for each element", look_up_in_batches);
	time_each("reading a global", read_global);
	maps_bpf__destroy(skel);
	return 0;
}
