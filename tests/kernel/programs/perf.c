// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// perf MAGIC: prints every sample and every count of lost ones; reads only when the kernel part says so, so that a test can
// fill the buffers.
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "perf.skel.h"

static unsigned long long seen, lost;

static void on_sample(void *context, int cpu, void *data, __u32 size)
{
	const struct { unsigned long long number; char text[56]; } *sample = data;

	seen++;
	printf("%s %d %llu %s %u\n", (const char *)context, cpu, sample->number, sample->text, size);
}

static void on_lost(void *context, int cpu, __u64 count)
{
	lost += count;
	printf("%s %d lost %llu\n", (const char *)context, cpu, (unsigned long long)count);
}

int main(int argc, char **argv)
{
	struct perf_bpf *skel = perf_bpf__open();
	struct perf_buffer *pb;
	unsigned long long reads = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!skel || argc < 2)
		return 1;
	skel->rodata->magic = strtoull(argv[1], NULL, 10);
	if (perf_bpf__load(skel))
		return 2;
	printf("three pages %d\n", !perf_buffer__new(bpf_map__fd(skel->maps.samples), 3, on_sample, on_lost, NULL, NULL) &&
					   errno == EINVAL);
	pb = perf_buffer__new(bpf_map__fd(skel->maps.samples), 1, on_sample, on_lost, "cpu", NULL);
	if (!pb || perf_bpf__attach(skel))
		return 3;
	printf("twice %d\n", !perf_buffer__new(bpf_map__fd(skel->maps.samples), 1, on_sample, on_lost, NULL, NULL) &&
				     errno == EBUSY);
	printf("nothing yet %d\n", perf_buffer__poll(pb, 0));
	puts("ready");
	for (; reads < 2; reads++) {
		while (skel->bss->reads == reads)
			usleep(1000);

		int cpus = perf_buffer__poll(pb, 1000);

		printf("poll %d seen %llu lost %llu\n", cpus, seen, lost);
	}
	perf_buffer__free(pb);
	perf_bpf__destroy(skel);
	return 0;
}
