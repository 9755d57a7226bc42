/* SPDX-License-Identifier: Apache-2.0 */
/* Looks kernel functions up: "find NAME" prints where it starts; "at ADDRESS" what lies there; "seal" does it afterwards. */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int at(uint64_t address, uint32_t room)
{
	char name[512] = "";
	uint64_t start = 0;
	int length = ecc_symbol_at(address, name, room, &start);

	printf("at %d %llx %s\n", length, (unsigned long long)start, name);
	return length;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	uint64_t address = 0;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "seal"))
		printf("seal %d\n", ecc_seal());
	if (!strcmp(argv[1], "at"))
		return at(strtoull(what, NULL, 16), 511) < 0;

	int found = ecc_symbol_find(what, strlen(what), &address);

	printf("find %d\n", found);
	if (found < 0)
		return 1;
	at(address, 511);
	at(address + 1, 511);
	at(address, 3);
	printf("again %d\n", ecc_symbol_find("no such function", 16, &address));
	return 0;
}
