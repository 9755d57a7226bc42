/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "internal.h"

static int cpus_of(const struct bpf_map *map)
{
	switch (map->info.type) {
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		break;
	default:
		return 0;
	}

	uint64_t element = ((uint64_t)map->info.value_size + 7) / 8 * 8;

	return element ? (int)(map->info.value_bytes / element) : 0;
}

/* The host interface has no call for it: the sizes of a per-CPU map say it, and nobody needs it without one. */
int libbpf_num_possible_cpus(void)
{
	for (const struct bpf_object *obj = ecc_objects; obj; obj = obj->next) {
		for (const struct bpf_map *map = obj->maps; map; map = map->next) {
			int cpus = cpus_of(map);

			if (cpus > 0)
				return cpus;
		}
	}
	return ecc_fail(-ENOTSUP);
}
