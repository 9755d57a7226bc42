// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Sends orders and prints what the kernel part made of them.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "requests.skel.h"

struct order {
	__u64 price;
	__u32 count;
	char item[20];
};

static struct requests_bpf *skel;
static struct user_ring_buffer *rb;

static int drain(void)
{
	char packet[14] = "";
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet));
	int err = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.drain), &run);

	return err ? err : (int)run.retval;
}

static int send(__u64 price, __u32 count, const char *item)
{
	struct order *order = user_ring_buffer__reserve(rb, sizeof(*order));

	if (!order)
		return -errno;
	order->price = price;
	order->count = count;
	strncpy(order->item, item, sizeof(order->item));
	user_ring_buffer__submit(rb, order);
	return 0;
}

static void print_error(const char *what, const void *sample)
{
	printf("%s: %s\n", what, sample ? "success" : strerror(errno));
}

static void send_many(void)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 1; i <= 50; i++)
			if (send(i, 2, i % 2 ? "odd" : "even"))
				printf("order %d is lost\n", i);
		printf("drained %d\n", drain());
	}
	printf("total %llu last %s\n", (unsigned long long)skel->bss->total, skel->bss->last_item);
}

static void fill(void)
{
	int sent = 0;

	while (!send(0, 0, ""))
		sent++;
	printf("sent %d\n", sent);
	print_error("full", user_ring_buffer__reserve(rb, sizeof(struct order)));
	print_error("full for a while", user_ring_buffer__reserve_blocking(rb, sizeof(struct order), 10));
	print_error("negative time", user_ring_buffer__reserve_blocking(rb, sizeof(struct order), -2));
	print_error("too large", user_ring_buffer__reserve(rb, 4096));
	printf("drained %d\n", drain());
}

static void discard(void)
{
	void *kept = user_ring_buffer__reserve_blocking(rb, sizeof(struct order), -1);
	void *discarded = user_ring_buffer__reserve(rb, 8);

	user_ring_buffer__submit(rb, kept);
	user_ring_buffer__submit(rb, kept);
	printf("drained %d\n", drain());
	user_ring_buffer__discard(rb, discarded);
	print_error("left behind", user_ring_buffer__reserve(rb, 8));
	send(1, 1, "");
	printf("drained %d\n", drain());
	user_ring_buffer__free(rb);
	printf("drained %d\n", drain());
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	skel = requests_bpf__open();
	if (!skel)
		return 1;
	print_error("not loaded", user_ring_buffer__new(bpf_map__fd(skel->maps.orders), NULL));
	if (requests_bpf__load(skel))
		return 2;
	print_error("another map", user_ring_buffer__new(bpf_map__fd(skel->maps.answers), NULL));
	rb = user_ring_buffer__new(bpf_map__fd(skel->maps.orders), NULL);
	if (!rb)
		return 3;
	send_many();
	fill();
	discard();
	requests_bpf__destroy(skel);
	return 0;
}
