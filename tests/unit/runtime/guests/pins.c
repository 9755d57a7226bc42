/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "pin FOLDER" pins the table and the link of `events` in a folder; "reuse FOLDER" takes the table from there, prints what
 * is in it and unpins it; "misuse FOLDER" asks for what it must not get; "do [load | attach | detach | pin-link PATH |
 * pin MAP PATH | unpin MAP PATH | reuse MAP PATH | resize MAP ENTRIES]..." does that in turn, to the last link. Each
 * result is a line.
 */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char path[256];

static const char *in(const char *folder, const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int pin(ecc_handle_t map, const char *where)
{
	return ecc_map_pin(map, where, (uint32_t)strlen(where));
}

static int do_one(ecc_handle_t object, const char *what, const char *name, const char *where)
{
	ecc_handle_t map = ecc_map_find(object, name, (uint32_t)strlen(name));
	uint32_t length = (uint32_t)strlen(where);

	if (!strcmp(what, "pin"))
		return ecc_map_pin(map, where, length);
	if (!strcmp(what, "resize"))
		return ecc_map_set_max_entries(map, (uint32_t)atoi(where));
	return !strcmp(what, "unpin") ? ecc_map_unpin(map, where, length) : ecc_map_reuse(map, where, length);
}

static ecc_handle_t last_link;

static int attach(ecc_handle_t object)
{
	ecc_handle_t link = ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0);

	last_link = link > 0 ? link : last_link;
	return link > 0 ? 0 : link;
}

static int do_all(ecc_handle_t object, char **words)
{
	while (*words) {
		if (!strcmp(*words, "load")) {
			printf("load %d\n", ecc_object_load(object));
			words++;
			continue;
		}
		if (!strcmp(*words, "attach") || !strcmp(*words, "detach")) {
			printf("%s %d\n", *words, **words == 'a' ? attach(object) : ecc_link_detach(last_link));
			words++;
			continue;
		}
		if (!strcmp(*words, "pin-link")) {
			printf("pin-link %d\n", ecc_link_pin(last_link, words[1], (uint32_t)strlen(words[1])));
			words += 2;
			continue;
		}
		printf("%s %s %d\n", words[0], words[1], do_one(object, words[0], words[1], words[2]));
		words += 3;
	}
	return 0;
}

int main(int argc, char **argv)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);
	ecc_handle_t map = ecc_map_find(object, "table", 5), ring = ecc_map_find(object, "events", 6);
	const char *folder = argc > 2 ? argv[2] : "";
	uint32_t key = 1;
	uint64_t value = 42;

	if (!strcmp(argv[1], "do"))
		return do_all(object, argv + 2);
	if (!strcmp(argv[1], "reuse")) {
		in(folder, "table");
		printf("another map %d\n", ecc_map_reuse(ring, path, (uint32_t)strlen(path)));
		printf("reuse %d\n", ecc_map_reuse(map, path, (uint32_t)strlen(path)));
		value = 0;
	}
	if (ecc_object_load(object))
		return 1;
	if (!strcmp(argv[1], "reuse")) {
		printf("lookup %d\n", ecc_map_lookup(map, &key, 4, &value, 8, 0));
		printf("value %d\n", (int)value);
		printf("late %d\n", ecc_map_reuse(map, path, (uint32_t)strlen(path)));
		printf("unpin %d\n", ecc_map_unpin(map, path, (uint32_t)strlen(path)));
		return 0;
	}
	if (!strcmp(argv[1], "misuse")) {
		printf("relative %d\n", pin(map, "table"));
		printf("no name %d\n", pin(map, in(folder, "")));
		printf("parent %d\n", pin(map, in(folder, "..")));
		printf("above %d\n", pin(map, in(folder, "../table")));
		printf("elsewhere %d\n", pin(map, "/sys/fs/bpf/table"));
		printf("nowhere %d\n", pin(map, in(folder, "no/table")));
		printf("outside %d\n", ecc_map_pin(map, (void *)0xfffffff0u, 100));
		printf("long %d\n", ecc_map_pin(map, path, 0xffffffffu));
		return 0;
	}
	ecc_handle_t link = ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0);

	printf("update %d\n", ecc_map_update(map, &key, 4, &value, 8, 0));
	printf("pin %d\n", pin(map, in(folder, "table")));
	printf("again %d\n", pin(map, path));
	in(folder, "link");
	printf("link %d\n", ecc_link_pin(link, path, (uint32_t)strlen(path)));
	return 0;
}
