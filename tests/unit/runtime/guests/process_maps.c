/* SPDX-License-Identifier: Apache-2.0 */
/* Asks what a process has mapped: PID ADDRESS ROOM, each printed as "RESULT START OFFSET NAME"; "seal" in front does it
 * afterwards. "pointers" passes wrong ones in place of each. */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROOM = 4096 };

static char name[MOST_ROOM + 1];
static uint64_t start, offset;

static void look_up(int32_t pid, uint64_t address, uint32_t room)
{
	memset(name, 0, sizeof(name));
	start = offset = 0;

	int result = ecc_process_map_at(pid, address, name, room, &start, &offset);

	printf("%d %llx %llx %s\n", result, (unsigned long long)start, (unsigned long long)offset, name);
}

static void pass_wrong_pointers(int32_t pid, uint64_t address)
{
	uintptr_t end = (uintptr_t)__builtin_wasm_memory_size(0) * 65536;
	uint64_t *beyond = (uint64_t *)(end - 7);

	printf("%d %d %d %d\n", ecc_process_map_at(pid, address, (void *)(end - 1), 2, &start, &offset),
	       ecc_process_map_at(pid, address, name, UINT32_MAX, &start, &offset),
	       ecc_process_map_at(pid, address, name, sizeof(name), beyond, &offset),
	       ecc_process_map_at(pid, address, name, sizeof(name), &start, beyond));
}

int main(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";

	if (!strcmp(first, "seal") && ecc_seal())
		return 1;
	if (!strcmp(first, "seal") || !strcmp(first, "pointers")) {
		argv++;
		argc--;
	}
	if (argc < 4)
		return 2;
	for (int i = 1; i + 2 < argc; i += 3) {
		int32_t pid = strtoll(argv[i], NULL, 10);
		uint64_t address = strtoull(argv[i + 1], NULL, 16);

		if (!strcmp(first, "pointers"))
			pass_wrong_pointers(pid, address);
		else
			look_up(pid, address, strtoul(argv[i + 2], NULL, 10));
	}
	return 0;
}
