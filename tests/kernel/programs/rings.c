// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// rings MAGIC [STOP]: prints records of both ring buffers; the callback stops the poll at record number STOP.
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rings.skel.h"

static struct rings_bpf *skel;
static unsigned int stop_at;
static volatile sig_atomic_t exiting;

static int on_all(void *context, void *data, size_t size)
{
	unsigned int number;

	memcpy(&number, data, sizeof(number));
	printf("%s %u %s %zu\n", (const char *)context, number, (const char *)data + sizeof(number), size);
	return number == stop_at ? -7 : 0;
}

static int on_even(void *context, void *data, size_t size)
{
	unsigned long long number;

	memcpy(&number, data, sizeof(number));
	printf("%s %llu %zu\n", (const char *)context, number, size);
	return 0;
}

static void on_signal(int number)
{
	(void)number;
	exiting = 1;
}

static void poll_records(struct ring_buffer *rb)
{
	while (!exiting) {
		int count = ring_buffer__poll(rb, 1000);

		if (count < 0 && count != -EINTR)
			printf("poll %d\n", count);
		/* From now on the program in the kernel adds this. */
		if (skel->bss->calls == 2 && skel->data->step == 5) {
			skel->data->step = 7;
			ring_buffer__consume(rb);
			printf("step 7\n");
		}
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	struct ring_buffer *rb;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGINT, on_signal);
	skel = rings_bpf__open();
	if (!skel || argc < 2)
		return 1;
	printf("initially %llu %llu\n", (unsigned long long)skel->data->step, (unsigned long long)skel->bss->calls);
	skel->rodata->magic = strtoull(argv[1], NULL, 10);
	skel->data->step = 5;
	stop_at = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	void *data_before = skel->data;

	if (rings_bpf__load(skel) || rings_bpf__attach(skel))
		return 2;
	printf("same place %d\n", data_before == skel->data);
	rb = ring_buffer__new(bpf_map__fd(skel->maps.ring_all), on_all, "all", NULL);
	if (!rb || ring_buffer__add(rb, bpf_map__fd(skel->maps.ring_even), on_even, "even"))
		return 3;
	printf("epoll %s\n", strerror(-ring_buffer__epoll_fd(rb)));
	printf("ready\n");
	poll_records(rb);
	printf("calls %llu sum %llu\n", (unsigned long long)skel->bss->calls, (unsigned long long)skel->bss->sum);
	ring_buffer__free(rb);
	rings_bpf__destroy(skel);
	return 0;
}
