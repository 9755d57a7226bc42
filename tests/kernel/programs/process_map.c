/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what the process of the first argument has mapped at the address of the second. */
#include <ecc/process_map.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	static struct ecc_process_map map;

	if (argc < 3)
		return 2;
	if (ecc_process_map(atoi(argv[1]), strtoull(argv[2], NULL, 10), &map)) {
		perror("process map");
		return 1;
	}
	printf("%llx %llx %s\n", (unsigned long long)map.start, (unsigned long long)map.offset, map.name);
	return 0;
}
