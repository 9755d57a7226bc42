/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and loads the object that its argument names; prints what the host said and the end of the log. More arguments:
 * "open", until the host refuses; "perf MAP PAGES". */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ecc_handle_t open_object(const char *name)
{
	return ecc_object_open(name, (uint32_t)strlen(name), 0);
}

static int go_on(ecc_handle_t object, char **argv)
{
	ecc_handle_t next = object;

	if (!strcmp(argv[2], "perf"))
		return ecc_perfbuf_open(ecc_map_find(object, argv[3], (uint32_t)strlen(argv[3])), (uint32_t)atoi(argv[4]));
	while (next > 0)
		next = open_object(argv[1]);
	open_object(argv[1]);
	return next;
}

int main(int argc, char **argv)
{
	static char log[400];
	ecc_handle_t object = open_object(argv[1]);
	int error = object < 0 ? object : ecc_object_load(object);
	int length = object < 0 ? 0 : ecc_object_log(object, log, sizeof(log) - 1);

	printf("status %d\nlog %d\n%s\n", error, length, log);
	if (argc > 2)
		printf("then %d\n", go_on(object, argv));
	return 0;
}
