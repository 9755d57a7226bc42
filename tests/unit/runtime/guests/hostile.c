/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks for what it must not get and compares what the host says. Each wrong answer is printed; the exit status is
 * their number. Without a kernel: nothing is loaded.
 */
#include <ecc/host.h>
#include <stdio.h>

#define OUTSIDE ((void *)0xfffffff0u)

enum { E_PERM = -1, E_NOENT = -2, E_BIG = -7, E_BADF = -9, E_FAULT = -14, E_INVAL = -22, E_MFILE = -24,
       E_NAMETOOLONG = -36, E_NODEV = -19 };

static int wrong;

static void expect(const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	printf("%s: %lld instead of %lld\n", what, got, wanted);
	wrong++;
}
#define EXPECT(call, wanted) expect(#call, call, wanted)

static void names(void)
{
	static char long_name[5000];

	EXPECT(ecc_object_open(OUTSIDE, 6, 0), E_FAULT);
	EXPECT(ecc_object_open("events", 0xffffffffu, 0), E_NAMETOOLONG);
	EXPECT(ecc_object_open(long_name, sizeof(long_name), 0), E_NAMETOOLONG);
	EXPECT(ecc_object_open("ev\0nts", 6, 0), E_INVAL);
	EXPECT(ecc_object_open("absent", 6, 0), E_NOENT);
	EXPECT(ecc_object_open("events", 6, OUTSIDE), E_FAULT);
	EXPECT(ecc_interface_index("no-such-interface", 17), E_NODEV);
}

static void option_sizes(void)
{
	struct {
		struct ecc_object_opts known;
		uint32_t added;
	} newer = {{.size = sizeof(newer)}, 1};
	struct ecc_object_opts none = {0};

	EXPECT(ecc_object_open("events", 6, &newer), E_BIG);
	EXPECT(ecc_object_open("events", 6, &none), E_INVAL);
	newer.added = 0;
	ecc_handle_t object = ecc_object_open("events", 6, &newer);

	expect("an option that is zero is ignored", object >= ECC_HANDLE_FIRST, 1);
	EXPECT(ecc_object_close(object), 0);
}

static void handles(void)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);
	ecc_handle_t map = ecc_map_find(object, "table", 5);
	ecc_handle_t program = ecc_program_find(object, "on_getpriority", 14);
	struct ecc_map_info info = {.size = sizeof(info)};

	expect("the same map has the same handle", ecc_map_find(object, "table", 5), map);
	EXPECT(ecc_map_find(object, "absent", 6), E_NOENT);
	EXPECT(ecc_map_find(map, "table", 5), E_INVAL);
	EXPECT(ecc_map_find(3, "table", 5), E_BADF);
	EXPECT(ecc_map_find(-1, "table", 5), E_BADF);
	EXPECT(ecc_program_attach(map, 0), E_INVAL);
	EXPECT(ecc_program_attach(program, 0), E_INVAL); /* not loaded */
	EXPECT(ecc_link_detach(program), E_INVAL);
	EXPECT(ecc_map_info(map, OUTSIDE), E_FAULT);
	EXPECT(ecc_map_info(map, &info), 0);
	expect("key size", info.key_size, 4);
	expect("value size", info.value_bytes, 8);
	EXPECT(ecc_object_close(object), 0);
	EXPECT(ecc_object_close(object), E_BADF);
	EXPECT(ecc_map_info(map, &info), E_BADF);
}

static void before_load(void)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);
	ecc_handle_t map = ecc_map_find(object, "table", 5);
	ecc_handle_t settings = ecc_map_find(object, ".rodata", 7);
	uint32_t key = 0;
	uint64_t value = 5;

	EXPECT(ecc_map_lookup(map, &key, 4, &value, 8, 0), E_INVAL);
	EXPECT(ecc_map_mmap(map, (void *)65536, 65536, 0, 0), E_INVAL);
	EXPECT(ecc_ringbuf_acquire(map, 0, 0), E_INVAL);
	EXPECT(ecc_map_munmap(map), E_INVAL);
	EXPECT(ecc_map_sync(map), E_INVAL);
	EXPECT(ecc_map_set_initial(settings, &value, 4), E_INVAL);
	EXPECT(ecc_map_set_initial(settings, OUTSIDE, 8), E_FAULT);
	EXPECT(ecc_map_set_initial(settings, &value, 8), 0);
	value = 0;
	EXPECT(ecc_map_get_initial(settings, &value, 8), 0);
	expect("the initial value", (long long)value, 5);
	EXPECT(ecc_map_get_initial(map, &value, 8), E_INVAL);
	EXPECT(ecc_object_log(object, &value, 0), 0);
	EXPECT(ecc_object_log(map, &value, 8), E_INVAL);
	EXPECT(ecc_object_open_bytes("elf", 3, 0), E_PERM);
	EXPECT(ecc_object_close(object), 0);
}

static void waiting(void)
{
	struct ecc_wait_item item = {.kind = 99};

	EXPECT(ecc_wait(OUTSIDE, 1, 0), E_FAULT);
	EXPECT(ecc_wait(&item, 0xffffffffu, 0), E_BIG);
	EXPECT(ecc_wait(&item, 1, 0), E_INVAL);
	item.kind = ECC_WAIT_RINGBUF;
	EXPECT(ecc_wait(&item, 1, 0), E_BADF);
	EXPECT(ecc_wait(&item, 0, 1), 0);
}

static void exhaustion(void)
{
	int opened = 0;
	ecc_handle_t object;

	while ((object = ecc_object_open("tiny", 4, 0)) > 0 && opened < 10000)
		opened++;
	expect("the last object", object, E_MFILE);
	expect("opened", opened, 4096);
}

int main(void)
{
	names();
	option_sizes();
	handles();
	before_load();
	waiting();
	exhaustion();
	return wrong;
}
