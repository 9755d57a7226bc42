/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Global variables: guest memory that holds a data section's initial value before load and shows the live map after.
 * The memory is made fit for a window when the object is opened, so that pointers into it stay right.
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* What the program cannot write either does not change after load: it needs no window, and no memory for one. */
static bool is_constant(const struct bpf_map *map)
{
	return map->info.flags & BPF_F_RDONLY_PROG;
}

static bool wants_window(const struct bpf_map *map)
{
	return map->info.flags & BPF_F_MMAPABLE && !is_constant(map);
}

/* Loading fills this one in, from the kernel's configuration. */
static bool is_kconfig(const struct bpf_map *map)
{
	const char *section = strchr(map->name, '.');

	return section && !strcmp(section, ".kconfig");
}

static size_t window_size(const struct bpf_map *map)
{
	return ((size_t)map->info.initial_bytes + ECC_WINDOW_ALIGN - 1) / ECC_WINDOW_ALIGN * ECC_WINDOW_ALIGN;
}

int ecc_map_data_allocate(struct bpf_map *map)
{
	size_t size = map->info.initial_bytes;

	if (map->data || !size)
		return 0;
	map->data = wants_window(map) ? aligned_alloc(ECC_WINDOW_ALIGN, window_size(map)) : malloc(size);
	if (!map->data)
		return -ENOMEM;
	if (map->obj->loaded)
		return 0;

	int err = ecc_from_linux(ecc_map_get_initial(map->handle, map->data, size));

	if (err < 0) {
		free(map->data);
		map->data = NULL;
		return err;
	}
	return 0;
}

static int show(struct bpf_map *map)
{
	struct ecc_mmap_info info = { .size = sizeof(info) };
	int err = ecc_from_linux(
		ecc_map_mmap(map->handle, map->data, window_size(map), ECC_MMAP_WRITE, &info));

	if (err < 0) {
		ecc_warn_error(err, "map '", map->name, "': failed to show its memory", NULL);
		return err;
	}
	map->is_window = true;
	map->needs_sync = info.mode == ECC_MMAP_COPY;
	/* The start of the section is where the pointers in skeletons point to. */
	return info.data_offset ? -ENOTSUP : 0;
}

/* The memory of a section that has no window, once its values are what they will always be. */
static int read_constants(struct bpf_map *map)
{
	const uint32_t only = 0;
	int err = ecc_from_linux(
		ecc_map_lookup(map->handle, &only, sizeof(only), map->data, map->info.initial_bytes, 0));

	if (err < 0)
		ecc_warn_error(err, "map '", map->name, "': failed to read its values", NULL);
	return err < 0 ? err : 0;
}

int ecc_map_data_before_load(struct bpf_object *obj)
{
	for (struct bpf_map *map = obj->maps; map; map = map->next) {
		if (!map->data || is_kconfig(map))
			continue;

		int err = ecc_from_linux(ecc_map_set_initial(map->handle, map->data, map->info.initial_bytes));

		if (err < 0) {
			ecc_warn_error(err, "map '", map->name, "': failed to set its initial value", NULL);
			return err;
		}
	}
	return 0;
}

int ecc_map_data_after_load(struct bpf_object *obj)
{
	int err = 0;

	for (struct bpf_map *map = obj->maps; map && !err; map = map->next) {
		if (map->data && wants_window(map))
			err = show(map);
		else if (map->data && is_kconfig(map))
			err = read_constants(map);
	}
	return err;
}

void ecc_map_data_release(struct bpf_map *map)
{
	/* Memory that the host still shows something in must not be used again. */
	if (map->is_window && ecc_map_munmap(map->handle) < 0)
		return;
	free(map->data);
}

void ecc_sync_windows(void)
{
	for (const struct bpf_object *obj = ecc_objects; obj; obj = obj->next)
		for (const struct bpf_map *map = obj->maps; map; map = map->next)
			if (map->needs_sync)
				(void)ecc_map_sync(map->handle);
}

/* A map first asked for after load. */
static int show_late(struct bpf_map *map)
{
	int err;

	if (!wants_window(map) && !is_constant(map))
		return -ENOTSUP;
	err = ecc_map_data_allocate(map);
	if (!err && (err = wants_window(map) ? show(map) : read_constants(map)) < 0) {
		ecc_map_data_release(map);
		map->data = NULL;
	}
	return err;
}

void *bpf_map__initial_value(const struct bpf_map *map, size_t *psize)
{
	/* Allocated on demand, like a cache. */
	struct bpf_map *owner = (struct bpf_map *)map;

	if (!map || !map->info.initial_bytes) {
		errno = map ? ENOTSUP : EINVAL;
		return NULL;
	}
	if (!map->data) {
		int err = map->obj->loaded ? show_late(owner) : ecc_map_data_allocate(owner);

		if (err) {
			errno = -err;
			return NULL;
		}
	}
	if (psize)
		*psize = map->info.initial_bytes;
	return map->data;
}

int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size)
{
	size_t expected;
	void *value;

	if (map && map->obj->loaded)
		return ecc_fail(-EBUSY);
	if (map && is_kconfig(map))
		return ecc_fail(-EINVAL);
	value = bpf_map__initial_value(map, &expected);
	if (!value)
		return -errno;
	if (size != expected)
		return ecc_fail(-EINVAL);
	memcpy(value, data, size);
	return 0;
}
