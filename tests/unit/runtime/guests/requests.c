/* SPDX-License-Identifier: Apache-2.0 */
/* Writes into a user ring buffer as its argument says, and prints what the host answers and what the program summed. */
#include <ecc/host.h>
#include <stdio.h>
#include <string.h>

enum { PACKET = 14 };

struct request {
	uint64_t amount;
	uint32_t weight;
};

static ecc_handle_t object, ring, events, bss, drain_program;

static int reserve(uint32_t size)
{
	return ecc_user_ringbuf_reserve(ring, size, 0);
}

static int send(uint64_t amount, uint32_t weight)
{
	struct request request = {amount, weight};
	int slot = reserve(sizeof(request));

	return slot < 0 ? slot : ecc_user_ringbuf_submit(ring, slot, &request, sizeof(request));
}

/* How many samples the program took. */
static int drain(void)
{
	static unsigned char packet[PACKET];
	struct ecc_test_run run = {.size = sizeof(run), .data = (uintptr_t)packet, .data_length = sizeof(packet)};
	struct ecc_test_run_result result = {.size = sizeof(result)};
	int status = ecc_program_test_run(drain_program, &run, &result);

	return status ? status : (int)result.return_value;
}

static unsigned long long sum(void)
{
	uint32_t key = 0;
	uint64_t value = 0;

	ecc_map_lookup(bss, &key, sizeof(key), &value, sizeof(value), 0);
	return value;
}

static void say(const char *what, int result)
{
	printf("%s %d\n", what, result);
	fflush(stdout);
}

static int fill(void)
{
	int count = 0;

	while (!send(1, 1))
		count++;
	return count;
}

static void send_many(void)
{
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 100; i++)
			send(i, 2);
		say("drained", drain());
	}
	printf("sum %llu\n", sum());
}

static void order(void)
{
	struct request request = {10, 1};
	int first = reserve(sizeof(request)), second = reserve(sizeof(request));

	say("second", ecc_user_ringbuf_submit(ring, second, &request, sizeof(request)));
	say("behind a reservation", drain());
	say("first", ecc_user_ringbuf_discard(ring, first));
	say("behind a discarded one", drain());
	printf("sum %llu\n", sum());
}

static void refuse(void)
{
	struct request request = {10, 1};
	int slot = reserve(sizeof(request));

	say("no map", ecc_user_ringbuf_reserve(1, 8, 0));
	say("object", ecc_user_ringbuf_reserve(object, 8, 0));
	say("ring buffer of the kernel", ecc_user_ringbuf_reserve(events, 8, 0));
	say("no room ever", reserve(4096));
	say("flags", reserve(0xc0000010));
	say("shorter", ecc_user_ringbuf_submit(ring, slot, &request, 8));
	say("longer", ecc_user_ringbuf_submit(ring, slot, &request, sizeof(request) + 1));
	say("outside", ecc_user_ringbuf_submit(ring, slot, (void *)0xfffffff0, sizeof(request)));
	say("forged", ecc_user_ringbuf_submit(ring, slot + 1, &request, sizeof(request)));
	say("forged", ecc_user_ringbuf_discard(ring, -1));
	say("still there", ecc_user_ringbuf_submit(ring, slot, &request, sizeof(request)));
	say("twice", ecc_user_ringbuf_submit(ring, slot, &request, sizeof(request)));
	say("given back after", ecc_user_ringbuf_discard(ring, slot));
	say("drained", drain());
	say("empty sample", ecc_user_ringbuf_submit(ring, reserve(0), 0, 0));
}

static void overfill(void)
{
	say("filled", fill());
	say("full", send(1, 1));
	say("full for a while", ecc_user_ringbuf_reserve(ring, 16, 20));
	say("drained", drain());
	say("again", send(1, 1));
}

static void wait(void)
{
	fill();
	say("full", send(1, 1));
	say("waited", ecc_user_ringbuf_reserve(ring, 16, -1) >= 0);
	fill();
	say("full", send(1, 1));
	say("signal", ecc_user_ringbuf_reserve(ring, 16, -1));
	say("taken", ecc_signal_take());
}

/* As many as may be at once need a larger buffer. */
static void hoard(void)
{
	ecc_handle_t large = ecc_object_open("requests", 8, 0);
	int count = 0;

	ring = ecc_map_find(large, "requests", 8);
	say("unloaded", reserve(8));
	ecc_map_set_max_entries(ring, 1 << 20);
	say("load", ecc_object_load(large));
	while (reserve(8) >= 0)
		count++;
	say("reserved", count);
	say("one more", reserve(8));
	say("close", ecc_object_close(large));
	say("closed", reserve(8));
}

static const struct mode {
	const char *name;
	void (*run)(void);
} modes[] = {{"many", send_many}, {"order", order}, {"refuse", refuse},
	     {"overfill", overfill}, {"wait", wait}, {"hoard", hoard}};

int main(int argc, char **argv)
{
	object = ecc_object_open("requests", 8, 0);
	if (argc < 2 || ecc_object_load(object))
		return 1;
	ring = ecc_map_find(object, "requests", 8);
	events = ecc_map_find(object, "events", 6);
	bss = ecc_map_find(object, ".bss", 4);
	drain_program = ecc_program_find(object, "drain", 5);
	if (ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0) < 0)
		return 2;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(argv[1], modes[i].name))
			modes[i].run();
	}
	return 0;
}
