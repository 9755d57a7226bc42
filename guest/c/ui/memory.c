/* SPDX-License-Identifier: Apache-2.0 */
#include "ui.h"

enum { page_size = 65536 };

void *new_pages(uint64_t size)
{
	uint64_t pages = (size + page_size - 1) / page_size;
	size_t before = pages <= UINT16_MAX ? __builtin_wasm_memory_grow(0, (size_t)pages) : SIZE_MAX;

	return before == SIZE_MAX ? NULL : (void *)(before * page_size);
}
