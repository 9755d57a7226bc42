/* SPDX-License-Identifier: Apache-2.0 */
#include <ecc/process_map.h>

#include "internal.h"

int ecc_process_map(int pid, uint64_t address, struct ecc_process_map *map)
{
	const int room = sizeof(map->name) - 1;
	int length = ecc_result(ecc_process_map_at(pid, address, map->name, room, &map->start, &map->offset));

	if (length < 0)
		return length;
	map->name[length < room ? length : room] = '\0';
	return 0;
}
