/* SPDX-License-Identifier: Apache-2.0 */
/* Attaches, seals with the argument "seal", prints what still works, and waits for a signal. */
#include <ecc/host.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);
	ecc_handle_t later = ecc_object_open("events", 6, 0);
	int loaded = ecc_object_load(object);
	ecc_handle_t program = ecc_program_find(object, "on_getpriority", 14);
	ecc_handle_t link = ecc_program_attach(program, 0);
	ecc_handle_t map = ecc_map_find(object, "table", 5);
	uint32_t key = 0;
	uint64_t value = 3;

	printf("loaded %d attached %d\n", loaded, link > 0);
	if (argc > 1 && !strcmp(argv[1], "seal")) {
		printf("seal %d\n", ecc_seal());
		printf("open %d\n", ecc_object_open("events", 6, 0));
		printf("load %d\n", ecc_object_load(later));
		printf("attach %d\n", ecc_program_attach(program, 0));
	}
	printf("update %d\n", ecc_map_update(map, &key, sizeof(key), &value, sizeof(value), 0));
	value = 0;
	printf("lookup %d", ecc_map_lookup(map, &key, sizeof(key), &value, sizeof(value), 0));
	printf(" %d\n", (int)value);
	puts("ready");
	fflush(stdout);
	ecc_wait(0, 0, -1);
	printf("signal %d detach %d\n", ecc_signal_take(), ecc_link_detach(link));
	return 0;
}
