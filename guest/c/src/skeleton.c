/* SPDX-License-Identifier: Apache-2.0 */
/* What bpftool's and ecc's generated skeletons call. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* Skeletons carry the sizes of their rows, so that an older one works with a newer library. */
static struct bpf_map_skeleton *map_at(const struct bpf_object_skeleton *s, int index)
{
	return (struct bpf_map_skeleton *)((char *)s->maps + (size_t)index * s->map_skel_sz);
}

static struct bpf_prog_skeleton *program_at(const struct bpf_object_skeleton *s, int index)
{
	return (struct bpf_prog_skeleton *)((char *)s->progs + (size_t)index * s->prog_skel_sz);
}

static int open_maps(const struct bpf_object_skeleton *s, struct bpf_object *obj)
{
	for (int i = 0; i < s->map_cnt; i++) {
		struct bpf_map_skeleton *row = map_at(s, i);

		*row->map = bpf_object__find_map_by_name(obj, row->name);
		if (!*row->map) {
			ecc_warn("failed to find skeleton map '", row->name, "'", NULL);
			return -errno;
		}
		if (!row->mmaped)
			continue;
		*row->mmaped = bpf_map__initial_value(*row->map, NULL);
		if (!*row->mmaped) {
			ecc_warn_error(errno, "map '", row->name, "': failed to get its initial value", NULL);
			return -errno;
		}
	}
	return 0;
}

static int open_programs(const struct bpf_object_skeleton *s, struct bpf_object *obj)
{
	for (int i = 0; i < s->prog_cnt; i++) {
		struct bpf_prog_skeleton *row = program_at(s, i);

		*row->prog = bpf_object__find_program_by_name(obj, row->name);
		if (!*row->prog) {
			ecc_warn("failed to find skeleton program '", row->name, "'", NULL);
			return -errno;
		}
	}
	return 0;
}

int bpf_object__open_skeleton(struct bpf_object_skeleton *s, const struct bpf_object_open_opts *opts)
{
	struct bpf_object *obj = s->data ? bpf_object__open_mem(s->data, s->data_sz, opts)
					 : ecc_open_named(s->name, opts);

	if (!obj)
		return -errno;
	*s->obj = obj;

	int err = open_maps(s, obj);

	if (!err)
		err = open_programs(s, obj);
	obj->is_listed = !err;
	return err ? ecc_fail(err) : 0;
}

int bpf_object__load_skeleton(struct bpf_object_skeleton *s)
{
	return bpf_object__load(*s->obj);
}

static int attach_program(const struct bpf_prog_skeleton *row)
{
	struct bpf_program *prog = *row->prog;

	if (!prog->autoload || !prog->autoattach || *row->link)
		return 0;
	*row->link = bpf_program__attach(prog);
	/* As libbpf: what does not say where to attach is left to the caller. */
	if (*row->link || errno == EOPNOTSUPP)
		return 0;

	int err = -errno;

	ecc_warn_error(err, "prog '", prog->name, "': failed to auto-attach", NULL);
	return ecc_fail(err);
}

/* Only struct_ops maps have a link. */
static int attach_map(const struct bpf_map_skeleton *row)
{
	if (!row->link || *row->link)
		return 0;
	*row->link = bpf_map__attach_struct_ops(*row->map);
	/* Not created: SEC("?.struct_ops"). */
	if (*row->link || errno == EOPNOTSUPP)
		return 0;

	int err = -errno;

	ecc_warn_error(err, "map '", row->name, "': failed to auto-attach", NULL);
	return ecc_fail(err);
}

int bpf_object__attach_skeleton(struct bpf_object_skeleton *s)
{
	int err = 0;

	for (int i = 0; i < s->prog_cnt && !err; i++)
		err = attach_program(program_at(s, i));
	for (int i = 0; i < s->map_cnt && !err; i++)
		err = attach_map(map_at(s, i));
	return err;
}

void bpf_object__detach_skeleton(struct bpf_object_skeleton *s)
{
	for (int i = 0; i < s->map_cnt; i++) {
		struct bpf_map_skeleton *row = map_at(s, i);

		if (!row->link)
			continue;
		bpf_link__destroy(*row->link);
		*row->link = NULL;
	}
	for (int i = 0; i < s->prog_cnt; i++) {
		struct bpf_prog_skeleton *row = program_at(s, i);

		bpf_link__destroy(*row->link);
		*row->link = NULL;
	}
}

void bpf_object__destroy_skeleton(struct bpf_object_skeleton *s)
{
	if (!s)
		return;
	bpf_object__detach_skeleton(s);
	if (s->obj)
		bpf_object__close(*s->obj);
	free(s->maps);
	free(s->progs);
	free(s);
}
