/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the place of wasi-libc's __main_void, whose argument vector would bring malloc along. */
#include <wasi/api.h>

#include "ui.h"

int __main_void(void);
int __main_argc_argv(int argc, char **argv);

enum { status_no_memory = 1 };

int __main_void(void)
{
	__wasi_size_t count = 0;
	__wasi_size_t bytes = 0;

	if (__wasi_args_sizes_get(&count, &bytes))
		return status_no_memory;

	uint64_t vector_size = ((uint64_t)count + 1) * sizeof(char *);
	char *memory = new_pages(vector_size + bytes);

	if (!memory || __wasi_args_get((uint8_t **)memory, (uint8_t *)memory + vector_size))
		return status_no_memory;
	return __main_argc_argv((int)count, (char **)memory);
}
