/* SPDX-License-Identifier: Apache-2.0 */
/* Maps by name: what they are, and their elements. */
#include <errno.h>

#include "internal.h"

struct bpf_map *ecc_map_by_handle(int fd)
{
	for (const struct bpf_object *obj = ecc_objects; obj; obj = obj->next)
		for (struct bpf_map *map = obj->maps; map; map = map->next)
			if (map->handle == fd)
				return map;
	return NULL;
}

int bpf_map__fd(const struct bpf_map *map)
{
	if (!map)
		return ecc_fail(-EINVAL);
	return map->obj->loaded ? map->handle : -1;
}

const char *bpf_map__name(const struct bpf_map *map)
{
	return map ? map->name : NULL;
}

enum bpf_map_type bpf_map__type(const struct bpf_map *map)
{
	return (enum bpf_map_type)map->info.type;
}

__u32 bpf_map__max_entries(const struct bpf_map *map)
{
	return map->info.max_entries;
}

int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
{
	if (map->obj->loaded)
		return ecc_fail(-EBUSY);

	int err = ecc_result(ecc_map_set_max_entries(map->handle, max_entries));

	/* The host may have rounded it, as libbpf does for ring buffers. */
	return err < 0 ? err : ecc_result(ecc_map_info(map->handle, &map->info));
}

__u32 bpf_map__map_flags(const struct bpf_map *map)
{
	return map->info.flags;
}

__u32 bpf_map__key_size(const struct bpf_map *map)
{
	return map->info.key_size;
}

__u32 bpf_map__value_size(const struct bpf_map *map)
{
	return map->info.value_size;
}

bool bpf_map__is_internal(const struct bpf_map *map)
{
	return map->info.initial_bytes && map->info.type != BPF_MAP_TYPE_STRUCT_OPS;
}

/* A created map of the library, with its windows current; `err` tells what is wrong otherwise. */
static int check(const struct bpf_map *map)
{
	if (!map)
		return ecc_fail(-EINVAL);
	if (!map->obj->loaded)
		return ecc_fail(-ENOENT);
	ecc_sync_windows();
	return 0;
}

int bpf_map__lookup_elem(const struct bpf_map *map, const void *key, size_t key_sz, void *value, size_t value_sz,
			 __u64 flags)
{
	int err = check(map);

	return err ? err : ecc_result(ecc_map_lookup(map->handle, key, key_sz, value, value_sz, flags));
}

int bpf_map__lookup_and_delete_elem(const struct bpf_map *map, const void *key, size_t key_sz, void *value,
				    size_t value_sz, __u64 flags)
{
	int err = check(map);

	return err ? err : ecc_result(ecc_map_lookup_and_delete(map->handle, key, key_sz, value, value_sz, flags));
}

int bpf_map__update_elem(const struct bpf_map *map, const void *key, size_t key_sz, const void *value,
			 size_t value_sz, __u64 flags)
{
	int err = check(map);

	return err ? err : ecc_result(ecc_map_update(map->handle, key, key_sz, value, value_sz, flags));
}

int bpf_map__delete_elem(const struct bpf_map *map, const void *key, size_t key_sz, __u64 flags)
{
	int err = check(map);

	return err ? err : ecc_result(ecc_map_delete(map->handle, key, key_sz, flags));
}

int bpf_map__get_next_key(const struct bpf_map *map, const void *cur_key, void *next_key, size_t key_sz)
{
	int err = check(map);

	return err ? err : ecc_result(ecc_map_next_key(map->handle, cur_key, next_key, key_sz));
}

int bpf_map__pin(struct bpf_map *map, const char *path)
{
	int err = path ? check(map) : ecc_fail(-EINVAL);

	return err ? err : ecc_result(ecc_map_pin(map->handle, path, strlen(path)));
}

int bpf_map__unpin(struct bpf_map *map, const char *path)
{
	int err = path ? check(map) : ecc_fail(-EINVAL);

	return err ? err : ecc_result(ecc_map_unpin(map->handle, path, strlen(path)));
}
