// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Every operation on maps, with its result as a line.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "maps.skel.h"

static void show(const char *what, int result)
{
	char text[64] = "0";

	if (result < 0)
		libbpf_strerror(result, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%d", result);
	printf("%s: %s%s\n", what, text, result < 0 && errno != -result ? " (errno differs)" : "");
}

static void count_keys(int fd)
{
	unsigned int key, next;
	int count = 0, err = bpf_map_get_next_key(fd, NULL, &next);

	for (; !err; err = bpf_map_get_next_key(fd, &key, &next)) {
		key = next;
		count++;
	}
	printf("%d keys, then: ", count);
	show("next", err);
}

static void use_table(struct bpf_map *table)
{
	int fd = bpf_map__fd(table);
	unsigned int key = 1;
	unsigned long long value = 0x123456789abcdef0;

	show("lookup of nothing", bpf_map_lookup_elem(fd, &key, &value));
	value = 0x123456789abcdef0;
	show("insert", bpf_map_update_elem(fd, &key, &value, BPF_ANY));
	show("insert again", bpf_map_update_elem(fd, &key, &value, BPF_NOEXIST));
	value = 0;
	show("lookup", bpf_map_lookup_elem(fd, &key, &value));
	printf("value %llx\n", value);
	show("lookup with a wrong size", bpf_map__lookup_elem(table, &key, sizeof(key), &value, 4, 0));
	for (key = 2; key <= 6; key++)
		bpf_map__update_elem(table, &key, sizeof(key), &value, sizeof(value), BPF_ANY);
	show("insert into a full map", bpf_map_update_elem(fd, &key, &value, BPF_ANY));
	count_keys(fd);
	key = 1;
	show("delete", bpf_map_delete_elem(fd, &key));
	show("delete again", bpf_map_delete_elem(fd, &key));
	show("lookup in a map that is none", bpf_map_lookup_elem(fd + 1000, &key, &value));
	show("more entries after load", bpf_map__set_max_entries(table, 10));
}

static void use_per_cpu(struct bpf_map *map)
{
	int cpus = libbpf_num_possible_cpus();
	unsigned long long *values = calloc(cpus, sizeof(*values));
	unsigned int key = 1;
	unsigned long long sum = 0;

	printf("cpus %d\n", cpus);
	for (int i = 0; i < cpus; i++)
		values[i] = i + 1;
	show("update of all cpus", bpf_map_update_elem(bpf_map__fd(map), &key, values, BPF_ANY));
	memset(values, 0, cpus * sizeof(*values));
	show("lookup of all cpus", bpf_map_lookup_elem(bpf_map__fd(map), &key, values));
	for (int i = 0; i < cpus; i++)
		sum += values[i];
	printf("sum %llu\n", sum);
}

int main(void)
{
	struct maps_bpf *skel = maps_bpf__open();
	struct bpf_map *map;
	struct bpf_program *prog;

	if (!skel)
		return 1;
	printf("fd before load %d\n", bpf_map__fd(skel->maps.table));
	show("more entries before load", bpf_map__set_max_entries(skel->maps.table, 5));
	if (maps_bpf__load(skel))
		return 2;
	printf("entries %u key %u value %u\n", bpf_map__max_entries(skel->maps.table),
	       bpf_map__key_size(skel->maps.table), bpf_map__value_size(skel->maps.table));
	bpf_object__for_each_map(map, skel->obj)
		printf("map %s\n", bpf_map__name(map));
	bpf_object__for_each_program(prog, skel->obj)
		printf("program %s\n", bpf_program__name(prog));
	printf("handle %d\n", bpf_map__fd(skel->maps.table) >= 1 << 30);
	use_table(skel->maps.table);
	use_per_cpu(skel->maps.per_cpu);
	printf("unknown map %d\n", bpf_object__find_map_by_name(skel->obj, "nothing") == NULL && errno == ENOENT);
	printf("unknown object %d\n", bpf_object__open("nothing.bpf.o") == NULL && errno == ENOENT);
	maps_bpf__destroy(skel);
	return 0;
}
