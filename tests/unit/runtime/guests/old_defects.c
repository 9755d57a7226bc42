/* SPDX-License-Identifier: Apache-2.0 */
/* A module for the older interface that does what its first runtimes got wrong. Its argument says what. */
#include <stdint.h>
#include "old_interface.h"
#include <stdio.h>
#include <string.h>

enum { LOOKUP = 1 };

static const unsigned char elf[] = {
#embed "old_defects.bpf.o"
};

static uint64_t object;
static unsigned char data[9000];
static uint64_t last;
static uint32_t largest;

static void wait_for_a_line(void)
{
	puts("ready");
	fflush(stdout);
	(void)getchar();
}

static int count(uint32_t context, const uint64_t *record, uint32_t size)
{
	(void)context;
	last = *record;
	largest = size > largest ? size : largest;
	return 0;
}

static int grow(uint32_t context, const uint64_t *record, uint32_t size)
{
	static unsigned int pages;

	if (*record != pages++)
		puts("another record");
	__builtin_wasm_memory_grow(0, 1);
	return count(context, record, size);
}

static int print_last_word(uint32_t context, const uint64_t *record, uint32_t size)
{
	(void)context;
	printf("%llu ... %llu\n", (unsigned long long)record[0], (unsigned long long)record[size / 8 - 1]);
	return 0;
}

typedef int (*callback)(uint32_t, const uint64_t *, uint32_t);

static int poll_map(const char *name, callback call, uint32_t max)
{
	return wasm_bpf_buffer_poll(object, wasm_bpf_map_fd_by_name(object, name), (int32_t)(intptr_t)call, 0, data, max, 100);
}

static void all_events(void)
{
	int result = poll_map("first", count, sizeof(data));

	printf("%d events, the last is %llu\n", result, (unsigned long long)last);
}

static void several_buffers(void)
{
	printf("first %d\n", poll_map("first", count, sizeof(data)));
	printf("second %d\n", poll_map("second", count, sizeof(data)));
	printf("perf %d\n", poll_map("perf", count, sizeof(data)));
}

static void large_events(void)
{
	poll_map("second", print_last_word, sizeof(data));
}

static void short_buffer(void)
{
	memset(data, 0xee, sizeof(data));
	poll_map("first", count, 12);
	printf("told of %u bytes, the next is %02x\n", largest, data[12]);
}

static void growing_memory(void)
{
	printf("%d events\n", poll_map("first", grow, sizeof(data)));
}

static void per_cpu(void)
{
	uint32_t key = 0, sum = 0;
	int fd = wasm_bpf_map_fd_by_name(object, "per_cpu");
	uint64_t end = (uint64_t)__builtin_wasm_memory_size(0) * 65536;
	static uint64_t values[1024];

	printf("room for one %d\n", wasm_bpf_map_operate(fd, LOOKUP, &key, (void *)(uintptr_t)(end - 4), 0, 0));
	printf("room for all %d\n", wasm_bpf_map_operate(fd, LOOKUP, &key, values, 0, 0));
	for (int i = 0; i < 1024; i++)
		sum += values[i];
	printf("sum %u\n", sum);
}

static void descriptors(void)
{
	uint32_t key = 0;
	uint64_t value;
	int wrong = 0;

	for (int fd = -1; fd < 200; fd++)
		wrong += wasm_bpf_map_operate(fd, LOOKUP, &key, &value, 0, 0) != -9;
	printf("descriptors of the host that were maps: %d\n", wrong);
	printf("no such map %d\n", wasm_bpf_map_fd_by_name(object, "absent"));
	printf("no such program %d\n", wasm_attach_bpf_program(object, "absent", 0));
	printf("no such object %d\n", wasm_attach_bpf_program(5, "on_getpriority", 0));
}

static void globals(void)
{
	uint32_t key = 0;
	uint64_t value = 0;

	printf("lookup %d\n", wasm_bpf_map_operate(wasm_bpf_map_fd_by_name(object, ".bss"), LOOKUP, &key, &value, 0, 0));
	printf("seen %llu\n", (unsigned long long)value);
}

static void lost(void)
{
	int received = poll_map("perf", count, sizeof(data));

	printf("received %d\nagain\n", received);
	fflush(stdout);
	(void)getchar();
	printf("received %d\n", poll_map("perf", count, sizeof(data)));
}

static void bad_object(void)
{
	static unsigned char damaged[sizeof(elf)];

	memcpy(damaged, elf, sizeof(elf));
	memset(damaged + sizeof(elf) - 512, 0xff, 512);
	printf("load %d\n", (int)wasm_load_bpf_object(damaged, sizeof(damaged)));
}

static const struct {
	const char *name;
	void (*run)(void);
} modes[] = {
	{"all events", all_events},	    {"several buffers", several_buffers}, {"large events", large_events},
	{"short buffer", short_buffer},	    {"growing memory", growing_memory},	  {"per cpu", per_cpu},
	{"descriptors", descriptors},	    {"globals", globals},		  {"lost", lost},
	{"bad object", bad_object},
};

int main(int argc, char **argv)
{
	if (argc < 2)
		return 1;
	object = wasm_load_bpf_object(elf, sizeof(elf));
	if (!object)
		return 2;
	/* Samples come from the moment on when somebody knows the map. */
	wasm_bpf_map_fd_by_name(object, "perf");
	if (wasm_attach_bpf_program(object, "on_getpriority", 0))
		return 3;
	wait_for_a_line();
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, argv[1]))
			modes[i].run();
	fflush(stdout);
	return wasm_close_bpf_object(object);
}
