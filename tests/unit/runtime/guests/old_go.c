/* SPDX-License-Identifier: Apache-2.0 */
/* As TinyGo's modules for the older interface are: the poll function has no callback, an export takes the events. */
#include <stdint.h>
#include <stdio.h>

#define FROM(module, name) __attribute__((import_module(module), import_name(name))) extern

FROM("wasm_bpf", "wasm_load_bpf_object") uint64_t wasm_load_bpf_object(const void *bytes, int size);
FROM("wasm_bpf", "wasm_attach_bpf_program")
int wasm_attach_bpf_program(uint64_t object, const char *name, const char *target);
FROM("wasm_bpf", "wasm_bpf_map_fd_by_name") int wasm_bpf_map_fd_by_name(uint64_t object, const char *name);
FROM("callback-wrapper", "wasm_bpf_buffer_poll")
int wasm_bpf_buffer_poll(uint64_t object, int fd, uint32_t context, void *data, uint32_t max, int timeout);

static const unsigned char elf[] = {
#embed "events.bpf.o"
};

static int seen;

__attribute__((export_name("go-callback"))) int32_t go_callback(uint32_t context, uint32_t data, uint32_t size)
{
	printf("%llu context %u size %u\n", *(unsigned long long *)(uintptr_t)data, context, size);
	fflush(stdout);
	seen++;
	return 0;
}

int main(int argc, char **argv)
{
	static char data[4096];
	uint64_t object = wasm_load_bpf_object(elf, sizeof(elf));

	(void)argc;
	if (!object || wasm_attach_bpf_program(object, "on_getpriority", ""))
		return 1;
	int fd = wasm_bpf_map_fd_by_name(object, argv[1]);

	puts("ready");
	fflush(stdout);
	while (seen < 3)
		if (wasm_bpf_buffer_poll(object, fd, 5, data, sizeof(data), 1000) < 0)
			return 2;
	return 0;
}
