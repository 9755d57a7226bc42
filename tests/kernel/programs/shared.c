// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include <stdio.h>

#include "shared.h"
#include "shared.skel.h"

#include <bpf/bpf.h>

static int print_record(void *context, void *data, size_t length)
{
	const struct shared *record = data;

	(void)context;
	printf("%zu bytes: %d %lld %llx %c\n", length, record->first, (long long)record->number,
	       (unsigned long long)record->place, record->last);
	return 0;
}

int main(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct shared_bpf *skel = shared_bpf__open_and_load();

	if (!skel || bpf_prog_test_run_opts(bpf_program__fd(skel->progs.fill), &opts))
		return 1;

	struct ring_buffer *ring = ring_buffer__new(bpf_map__fd(skel->maps.records), print_record, NULL, NULL);
	int count = ring ? ring_buffer__consume(ring) : 0;

	ring_buffer__free(ring);
	shared_bpf__destroy(skel);
	return count != 1;
}
