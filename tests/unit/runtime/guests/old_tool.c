/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tool for the older interface: OBJECT is what it carries, TARGET where its program attaches ("" for as its section says).
 * It attaches `on_exec`, if there is one, and `on_event`, and prints a line for each event; or, with the map `slots`, the
 * histogram as soon as there is something in it.
 */
#include "old_interface.h"
#include <stdio.h>
#include <unistd.h>

static const unsigned char elf[] = {
#embed OBJECT
};

static int on_event(uint32_t context, void *data, uint32_t size)
{
	printf("%u bytes: %u\n", size, *(uint32_t *)data);
	fflush(stdout);
	return (int)context;
}

static int poll_events(uint64_t object)
{
	static uint64_t data[512];
	int map = wasm_bpf_map_fd_by_name(object, "events"), result;

	while ((result = wasm_bpf_buffer_poll(object, map, (int32_t)(intptr_t)on_event, 0, data, sizeof(data), 100)) >= 0)
		;
	return result;
}

static int print_histogram(int map)
{
	uint32_t slot, next;
	uint64_t count;

	for (void *last = 0; !wasm_bpf_map_operate(map, OLD_NEXT_KEY, last, 0, &next, 0); last = &slot) {
		slot = next;
		if (!wasm_bpf_map_operate(map, OLD_LOOKUP, &slot, &count, 0, 0))
			printf("2^%u ns: %llu\n", slot, count);
	}
	fflush(stdout);
	return usleep(100000);
}

int main(void)
{
	uint64_t object = wasm_load_bpf_object(elf, sizeof(elf));

	if (!object)
		return 1;
	wasm_attach_bpf_program(object, "on_exec", 0);
	if (wasm_attach_bpf_program(object, "on_event", TARGET) < 0)
		return 2;
	int slots = wasm_bpf_map_fd_by_name(object, "slots");

	while (slots >= 0 && !print_histogram(slots))
		;
	return slots < 0 ? poll_events(object) : 0;
}
