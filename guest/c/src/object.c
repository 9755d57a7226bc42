/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, loading and closing objects, and their lists of maps and programs. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

enum { log_limit = 65536 };

struct bpf_object *ecc_objects;

/* What the caller's option structure says, zero where an older one says nothing. */
static int read_opts(const struct bpf_object_open_opts *given, struct bpf_object_open_opts *opts)
{
	memset(opts, 0, sizeof(*opts));
	if (!given)
		return 0;
	if (given->sz < sizeof(given->sz))
		return -EINVAL;
	for (size_t i = sizeof(*opts); i < given->sz; i++)
		if (((const char *)given)[i])
			return -EINVAL;
	memcpy(opts, given, given->sz < sizeof(*opts) ? given->sz : sizeof(*opts));
	if (opts->pin_root_path || opts->kconfig || opts->btf_custom_path || opts->bpf_token_path) {
		ecc_warn("object options pin_root_path, kconfig, btf_custom_path and bpf_token_path are not supported",
			 NULL);
		return -ENOTSUP;
	}
	return 0;
}

static void *fail(struct bpf_object *obj, int err)
{
	if (obj) {
		free(obj->name);
		free(obj);
	}
	errno = -err;
	return NULL;
}

/* With `elf` NULL: the object of that name in the package. Takes over `name`. */
static struct bpf_object *open_object(char *name, const void *elf, size_t elf_size,
				      const struct bpf_object_open_opts *given)
{
	struct bpf_object *obj = calloc(1, sizeof(*obj));
	struct bpf_object_open_opts opts;

	if (!obj || !name) {
		free(name);
		return fail(obj, -ENOMEM);
	}
	obj->name = name;

	int err = read_opts(given, &opts);

	if (err)
		return fail(obj, err);

	struct ecc_object_opts host_opts = { sizeof(host_opts), opts.kernel_log_level };

	obj->handle = elf ? ecc_object_open_bytes(elf, elf_size, &host_opts)
			  : ecc_object_open(name, strlen(name), &host_opts);
	if (obj->handle < 0) {
		err = ecc_from_linux(obj->handle);
		ecc_warn_error(err, "failed to open object '", name, "'", NULL);
		return fail(obj, err);
	}
	obj->log_buffer = opts.kernel_log_buf;
	obj->log_size = opts.kernel_log_size;
	obj->next = ecc_objects;
	ecc_objects = obj;
	return obj;
}

/* "dir/opensnoop.bpf.o" -> "opensnoop_bpf" */
static char *name_from_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = strdup(slash ? slash + 1 : path);

	if (!name)
		return NULL;

	size_t length = strlen(name);

	if (length > 2 && !strcmp(name + length - 2, ".o"))
		name[length - 2] = '\0';
	for (char *c = name; *c; c++)
		if (*c == '.' || *c == '-')
			*c = '_';
	return name;
}

struct bpf_object *bpf_object__open_file(const char *path, const struct bpf_object_open_opts *opts)
{
	return path ? open_object(name_from_path(path), NULL, 0, opts) : fail(NULL, -EINVAL);
}

struct bpf_object *bpf_object__open(const char *path)
{
	return bpf_object__open_file(path, NULL);
}

struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz,
					const struct bpf_object_open_opts *opts)
{
	const char *name = opts && opts->object_name ? opts->object_name : "bytes";

	return obj_buf && obj_buf_sz ? open_object(strdup(name), obj_buf, obj_buf_sz, opts) : fail(NULL, -EINVAL);
}

struct bpf_object *ecc_open_named(const char *name, const struct bpf_object_open_opts *opts)
{
	return open_object(strdup(name), NULL, 0, opts);
}

static void give_log(const struct bpf_object *obj)
{
	size_t size = obj->log_buffer ? obj->log_size : log_limit;
	char *text = obj->log_buffer ? obj->log_buffer : malloc(size);

	if (!text || !size)
		return;

	int length = ecc_object_log(obj->handle, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
	if (obj->log_buffer)
		return;
	ecc_print_text(text);
	free(text);
}

int bpf_object__load(struct bpf_object *obj)
{
	if (!obj || obj->loaded)
		return ecc_fail(-EINVAL);

	int err = ecc_map_data_before_load(obj);

	if (err)
		return ecc_fail(err);
	err = ecc_from_linux(ecc_object_load(obj->handle));
	if (err) {
		give_log(obj);
		ecc_warn_error(err, "failed to load object '", obj->name, "'", NULL);
		return ecc_fail(err);
	}
	obj->loaded = true;
	err = ecc_map_data_after_load(obj);
	return err ? ecc_fail(err) : 0;
}

static void free_maps(struct bpf_object *obj)
{
	while (obj->maps) {
		struct bpf_map *map = obj->maps;

		obj->maps = map->next;
		ecc_map_data_release(map);
		free(map->name);
		free(map);
	}
}

static void free_programs(struct bpf_object *obj)
{
	while (obj->programs) {
		struct bpf_program *prog = obj->programs;

		obj->programs = prog->next;
		free(prog->name);
		free(prog);
	}
}

void bpf_object__close(struct bpf_object *obj)
{
	if (!obj)
		return;
	for (struct bpf_object **at = &ecc_objects; *at; at = &(*at)->next) {
		if (*at == obj) {
			*at = obj->next;
			break;
		}
	}
	free_maps(obj);
	free_programs(obj);
	ecc_object_close(obj->handle);
	free(obj->name);
	free(obj);
}

const char *bpf_object__name(const struct bpf_object *obj)
{
	return obj ? obj->name : NULL;
}

static struct bpf_map *add_map(struct bpf_object *obj, const char *name)
{
	ecc_handle_t handle = ecc_map_find(obj->handle, name, strlen(name));

	if (handle < 0)
		return fail(NULL, ecc_from_linux(handle));

	struct bpf_map *map = calloc(1, sizeof(*map));

	if (!map)
		return fail(NULL, -ENOMEM);
	map->obj = obj;
	map->handle = handle;
	map->info.size = sizeof(map->info);
	map->name = strdup(name);

	int err = ecc_from_linux(ecc_map_info(handle, &map->info));

	if (err < 0 || !map->name) {
		free(map->name);
		free(map);
		return fail(NULL, err < 0 ? err : -ENOMEM);
	}

	struct bpf_map **end = &obj->maps;

	while (*end)
		end = &(*end)->next;
	*end = map;
	return map;
}

struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name)
{
	for (struct bpf_map *map = obj->maps; map; map = map->next)
		if (!strcmp(map->name, name))
			return map;
	return add_map((struct bpf_object *)obj, name);
}

int bpf_object__find_map_fd_by_name(const struct bpf_object *obj, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	return map ? bpf_map__fd(map) : -errno;
}

static struct bpf_program *add_program(struct bpf_object *obj, const char *name)
{
	ecc_handle_t handle = ecc_program_find(obj->handle, name, strlen(name));

	if (handle < 0)
		return fail(NULL, ecc_from_linux(handle));

	int autoload = ecc_program_autoload(handle);

	if (autoload < 0)
		return fail(NULL, ecc_from_linux(autoload));

	struct bpf_program *prog = calloc(1, sizeof(*prog));
	char *copy = strdup(name);

	if (!prog || !copy) {
		free(prog);
		free(copy);
		return fail(NULL, -ENOMEM);
	}
	*prog = (struct bpf_program){
		.obj = obj, .name = copy, .handle = handle, .autoload = autoload, .autoattach = true,
	};

	struct bpf_program **end = &obj->programs;

	while (*end)
		end = &(*end)->next;
	*end = prog;
	return prog;
}

struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char *name)
{
	for (struct bpf_program *prog = obj->programs; prog; prog = prog->next)
		if (!strcmp(prog->name, name))
			return prog;
	return add_program((struct bpf_object *)obj, name);
}

struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)
{
	if (!obj || !obj->is_listed)
		return fail(NULL, obj ? -ENOTSUP : -EINVAL);
	return map ? map->next : obj->maps;
}

struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog)
{
	if (!obj || !obj->is_listed)
		return fail(NULL, obj ? -ENOTSUP : -EINVAL);
	return prog ? prog->next : obj->programs;
}
