/* SPDX-License-Identifier: Apache-2.0 */
/* Maps by descriptor: the sizes that <bpf/bpf.h> leaves out come from the map. */
#include <errno.h>

#include "internal.h"

int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
	const struct bpf_map *map = ecc_map_by_handle(fd);

	return map ? bpf_map__lookup_elem(map, key, map->info.key_size, value, map->info.value_bytes, flags)
		   : ecc_fail(-EBADF);
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	return bpf_map_lookup_elem_flags(fd, key, value, 0);
}

int bpf_map_lookup_and_delete_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
	const struct bpf_map *map = ecc_map_by_handle(fd);

	return map ? bpf_map__lookup_and_delete_elem(map, key, map->info.key_size, value, map->info.value_bytes, flags)
		   : ecc_fail(-EBADF);
}

int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
{
	return bpf_map_lookup_and_delete_elem_flags(fd, key, value, 0);
}

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	const struct bpf_map *map = ecc_map_by_handle(fd);

	return map ? bpf_map__update_elem(map, key, map->info.key_size, value, map->info.value_bytes, flags)
		   : ecc_fail(-EBADF);
}

int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags)
{
	const struct bpf_map *map = ecc_map_by_handle(fd);

	return map ? bpf_map__delete_elem(map, key, map->info.key_size, flags) : ecc_fail(-EBADF);
}

int bpf_map_delete_elem(int fd, const void *key)
{
	return bpf_map_delete_elem_flags(fd, key, 0);
}

int bpf_map_get_next_key(int fd, const void *key, void *next_key)
{
	const struct bpf_map *map = ecc_map_by_handle(fd);

	return map ? bpf_map__get_next_key(map, key, next_key, map->info.key_size) : ecc_fail(-EBADF);
}
