/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A module for the older interface, with its declarations and the object in its own memory. Arguments: "ring" or
 * "perf", how many events, and a third one to misuse the callback; or "misuse".
 */
#include "old_interface.h"
#include <ecc/host.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char elf[] = {
#embed "events.bpf.o"
};

static int left;
static uint64_t object;

static int on_event(uint32_t context, void *data, uint32_t size)
{
	uint64_t number;

	memcpy(&number, data, sizeof(number));
	printf("%llu context %u size %u\n", (unsigned long long)number, context, size);
	return --left == 0 ? -1000 : 0;
}

static int wrong_type(void)
{
	return 0;
}

/* Polls from within, also by the newer interface, then takes away what is being polled. */
static int reenters(uint32_t map, void *data, uint32_t size)
{
	static unsigned char room[ECC_PERFBUF_LENGTH_MIN];

	(void)size;
	printf("poll %d\n", wasm_bpf_buffer_poll(object, (int)map, (int32_t)(intptr_t)on_event, 0, data, 16, 0));
	printf("acquire %d\n", ecc_perfbuf_acquire((int)map, room, sizeof(room), 0));
	printf("close %d\n", wasm_bpf_map_operate((int)map, 99, 0, 0, 0, 0) + wasm_close_bpf_object(object));
	fflush(stdout);
	left = 0;
	return 0;
}

static int misuse(int fd)
{
	char buffer[64];
	uint32_t key = 1, next;
	uint64_t value = 11;

	printf("%d\n", wasm_bpf_map_operate(1, 1, &key, &value, &next, 0));
	printf("%d\n", wasm_bpf_map_operate(fd, 99, &key, &value, &next, 0));
	printf("%d\n", wasm_bpf_map_fd_by_name(object, "absent"));
	printf("%d\n", wasm_bpf_map_fd_by_name(1, "table"));
	printf("%d\n", wasm_attach_bpf_program(object, "absent", 0));
	printf("%d\n", wasm_bpf_buffer_poll(object, fd, (int32_t)(intptr_t)wrong_type, 0, buffer, 64, 0));
	printf("%d\n", wasm_bpf_buffer_poll(object, fd, 0, 0, buffer, 64, 0));
	printf("%d\n", wasm_bpf_buffer_poll(object, fd, 1000000, 0, buffer, 64, 0));
	int table = wasm_bpf_map_fd_by_name(object, "table");

	printf("%d\n", wasm_bpf_buffer_poll(object, table, (int32_t)(intptr_t)reenters, 0, buffer, 64, 0));
	printf("%d\n", wasm_bpf_map_operate(table, 2, &key, &value, 0, 0));
	value = 0;
	printf("%d\n", wasm_bpf_map_operate(table, 1, &key, &value, 0, 0));
	printf("value %d\n", (int)value);
	printf("%d\n", wasm_bpf_map_operate(table, 4, 0, 0, &next, 0));
	printf("%d\n", wasm_bpf_map_operate(table, 3, &key, 0, 0, 0));
	printf("%d\n", wasm_bpf_map_operate(table, 1, &key, (void *)0xfffffff0u, 0, 0));
	printf("garbage %d\n", (int)wasm_load_bpf_object("not an ELF", 10));
	printf("outside %d\n", (int)wasm_load_bpf_object((void *)0xfffffff0u, 10));
	printf("%d\n", wasm_close_bpf_object(object));
	printf("%d\n", wasm_close_bpf_object(object));
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "ring";
	char data[64];

	left = argc > 2 ? atoi(argv[2]) : 1;
	object = wasm_load_bpf_object(elf, sizeof(elf));
	if (!object)
		return 3;
	if (!strcmp(mode, "misuse"))
		return misuse(wasm_bpf_map_fd_by_name(object, "events"));
	if (wasm_attach_bpf_program(object, "on_getpriority", 0))
		return 4;
	int fd = wasm_bpf_map_fd_by_name(object, strcmp(mode, "perf") ? "events" : "perf");

	puts("ready");
	fflush(stdout);
	while (left > 0) {
		int again = argc > 3;
		int result = wasm_bpf_buffer_poll(object, fd, (int32_t)(intptr_t)(again ? reenters : on_event),
						  again ? (uint32_t)fd : 5, data, 16, 100);

		if (result < 0 && result != -1000) {
			printf("poll: %d\n", result);
			return 5;
		}
		fflush(stdout);
	}
	return 0;
}
