/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and loads the object that its argument names; prints what the host said and the end of the log. */
#include <ecc/host.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static char log[400];
	ecc_handle_t object = ecc_object_open(argv[1], (uint32_t)strlen(argv[1]), 0);
	int error = object < 0 ? object : ecc_object_load(object);
	int length = object < 0 ? 0 : ecc_object_log(object, log, sizeof(log) - 1);

	(void)argc;
	printf("status %d\nlog %d\n%s\n", error, length, log);
	return 0;
}
