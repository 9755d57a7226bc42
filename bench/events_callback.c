// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// events.c for the older interface, which copies each record and gives it to a callback.
#include <stdint.h>

#include "events.h"

#define OLD(name) __attribute__((import_module("wasm_bpf"), import_name(#name))) extern

OLD(wasm_load_bpf_object) uint64_t wasm_load_bpf_object(const void *bytes, int size);
OLD(wasm_attach_bpf_program) int wasm_attach_bpf_program(uint64_t object, const char *name, const char *target);
OLD(wasm_bpf_map_fd_by_name) int wasm_bpf_map_fd_by_name(uint64_t object, const char *name);
OLD(wasm_bpf_map_operate) int wasm_bpf_map_operate(int fd, int command, void *key, void *value, void *next,
						   uint64_t flags);
OLD(wasm_bpf_buffer_poll) int wasm_bpf_buffer_poll(uint64_t object, int fd, int32_t sample, uint32_t context,
						   void *data, uint32_t max, int timeout);

enum { update = 2 };

static const unsigned char elf[] = {
#embed "events.bpf.o"
};

static uint64_t object;
static int records;

static int add(uint32_t context, void *data, uint32_t size)
{
	(void)context;
	(void)size;
	sum += *(const unsigned long long *)data;
	return 0;
}

static int consume(void)
{
	static unsigned long long record[128];

	return wasm_bpf_buffer_poll(object, records, (int32_t)(intptr_t)add, 0, record, sizeof(record), 0);
}

int main(int argc, char **argv)
{
	unsigned int key = 0;

	object = wasm_load_bpf_object(elf, sizeof(elf));
	if (!object || argc != 6)
		return 1;

	struct settings settings = settings_of(argv);

	records = wasm_bpf_map_fd_by_name(object, "records");
	if (wasm_bpf_map_operate(wasm_bpf_map_fd_by_name(object, "settings"), update, &key, &settings, NULL, 0) ||
	    wasm_attach_bpf_program(object, "on_getpgid", NULL))
		return 1;
	measure(atoi(argv[2]), (int)settings.count, consume);
	return 0;
}
