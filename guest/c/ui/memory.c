/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ui.h"

enum { page_size = 65536 };

void *new_pages(uint64_t size)
{
	uint64_t pages = (size + page_size - 1) / page_size;
	size_t before = pages <= UINT16_MAX ? __builtin_wasm_memory_grow(0, (size_t)pages) : SIZE_MAX;

	return before == SIZE_MAX ? NULL : (void *)(before * page_size);
}

/* wasi-libc's takes words at a time, in 150 bytes more. */
__attribute__((no_builtin("strlen"))) size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}
