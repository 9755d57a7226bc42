/* SPDX-License-Identifier: Apache-2.0 */
/* Elements, windows and handles of a loaded object; prints each wrong answer, exits with their number. */
#include <ecc/host.h>
#include <stdio.h>

#define OUTSIDE ((void *)0xfffffff0u)

enum { E_NOENT = -2, E_BIG = -7, E_BADF = -9, E_FAULT = -14, E_BUSY = -16, E_INVAL = -22, E_OPNOTSUPP = -95 };

static _Alignas(65536) unsigned char windows[3 * 65536];
static int wrong;

static void expect(const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	printf("%s: %lld instead of %lld\n", what, got, wanted);
	wrong++;
}
#define EXPECT(call, wanted) expect(#call, call, wanted)

static void elements(ecc_handle_t object)
{
	ecc_handle_t map = ecc_map_find(object, "table", 5);
	uint32_t key = 3, next = 0;
	uint64_t value = 30;

	EXPECT(ecc_map_lookup(map, &key, 4, &value, 8, 0), E_NOENT);
	EXPECT(ecc_map_update(map, &key, 4, &value, 8, 0), 0);
	value = 0;
	EXPECT(ecc_map_lookup(map, &key, 4, &value, 8, 0), 0);
	expect("the value", (long long)value, 30);
	EXPECT(ecc_map_next_key(map, 0, &next, 4), 0);
	expect("the first key", next, 3);
	EXPECT(ecc_map_next_key(map, &key, &next, 4), E_NOENT);
	EXPECT(ecc_map_lookup(map, &key, 2, &value, 8, 0), E_INVAL);
	EXPECT(ecc_map_lookup(map, &key, 4, &value, 4, 0), E_INVAL);
	EXPECT(ecc_map_lookup(map, &key, 4, OUTSIDE, 8, 0), E_FAULT);
	EXPECT(ecc_map_lookup(map, OUTSIDE, 4, &value, 8, 0), E_FAULT);
	EXPECT(ecc_map_lookup(map, &key, 4, &value, 0xffffffffu, 0), E_FAULT);
	EXPECT(ecc_map_next_key(map, &key, OUTSIDE, 4), E_FAULT);
	EXPECT(ecc_map_next_key(map, &key, &next, 2), E_INVAL);
	EXPECT(ecc_map_delete(map, &key, 4, 0), 0);
	EXPECT(ecc_map_delete(map, &key, 4, 0), E_NOENT);
}

static void special_maps(ecc_handle_t object)
{
	ecc_handle_t per_cpu = ecc_map_find(object, "per_cpu", 7);
	struct ecc_map_info info = {.size = sizeof(info)};
	static uint64_t values[8192];
	uint32_t key = 0, value = 1;

	EXPECT(ecc_map_info(per_cpu, &info), 0);
	expect("a value per processor", info.value_bytes % 8 == 0 && info.value_bytes >= 8, 1);
	EXPECT(ecc_map_lookup(per_cpu, &key, 4, values, info.value_size, 0), info.value_bytes == 4 ? 0 : E_INVAL);
	EXPECT(ecc_map_lookup(per_cpu, &key, 4, values, info.value_bytes, 0), 0);
	EXPECT(ecc_map_update(ecc_map_find(object, "programs", 8), &key, 4, &value, 4, 0), E_OPNOTSUPP);
}

static void batches(ecc_handle_t object)
{
	static uint64_t values[16];
	static uint32_t keys[16];
	ecc_handle_t map = ecc_map_find(object, "table", 5);
	uint32_t done = 77, next = 0;
	struct ecc_map_batch batch = {.size = sizeof(batch), .count = 16, .keys = (uint32_t)keys,
				      .values = (uint32_t)values, .next = (uint32_t)&next};

	EXPECT(ecc_map_batch(map, &batch, &done), E_NOENT);
	expect("nothing was there", done, 0);
	EXPECT(ecc_map_batch(map, &batch, OUTSIDE), E_FAULT);
	EXPECT(ecc_map_batch(map, OUTSIDE, &done), E_FAULT);
	EXPECT(ecc_map_batch(map, 0, &done), 0);
	batch.next = 0xfffffffe;
	EXPECT(ecc_map_batch(map, &batch, &done), E_FAULT);
	batch.next = (uint32_t)&next;
	batch.from = 0xfffffffe;
	EXPECT(ecc_map_batch(map, &batch, &done), E_FAULT);
	batch.from = 0;
	batch.count = 0xffffffff;
	EXPECT(ecc_map_batch(map, &batch, &done), E_FAULT);
	batch.count = 16;
	batch.values = 0xfffffff0;
	EXPECT(ecc_map_batch(map, &batch, &done), E_FAULT);
	batch.operation = 4;
	batch.values = (uint32_t)values;
	EXPECT(ecc_map_batch(map, &batch, &done), E_INVAL);
	batch.operation = ECC_BATCH_UPDATE;
	EXPECT(ecc_map_batch(ecc_map_find(object, "programs", 8), &batch, &done), E_OPNOTSUPP);
	EXPECT(ecc_map_batch(object, &batch, &done), E_INVAL);
	EXPECT(ecc_map_lookup_and_delete(map, keys, 4, OUTSIDE, 8, 0), E_FAULT);
	EXPECT(ecc_map_lookup_and_delete(map, keys, 4, values, 8, 0), E_NOENT);
}

static void runs_and_iterators(ecc_handle_t object)
{
	ecc_handle_t program = ecc_program_find(object, "on_getpriority", 14);
	struct ecc_test_run run = {.size = sizeof(run)};
	struct ecc_test_run_result result = {.size = sizeof(result)};
	char byte;

	EXPECT(ecc_program_test_run(program, OUTSIDE, &result), E_FAULT);
	run.data = 0xfffffff0;
	run.data_length = 100;
	EXPECT(ecc_program_test_run(program, &run, &result), E_FAULT);
	run.data = 0;
	run.context_out = 16;
	run.context_out_length = 0xffffffff;
	EXPECT(ecc_program_test_run(program, &run, &result), E_FAULT);
	run.context_out = 0;
	run.flags = 2;
	EXPECT(ecc_program_test_run(program, &run, &result), -1);
	EXPECT(ecc_program_test_run(object, &run, &result), E_INVAL);
	EXPECT(ecc_iterator_open(program), E_INVAL);
	EXPECT(ecc_iterator_open(-1), E_BADF);
	EXPECT(ecc_iterator_read(program, &byte, 1), E_INVAL);
	EXPECT(ecc_iterator_close(object), E_INVAL);
	EXPECT(ecc_link_update(program, program), E_INVAL);
	ecc_handle_t link = ecc_program_attach(program, 0);

	EXPECT(ecc_iterator_open(link) < 0, 1);
	EXPECT(ecc_link_update(link, object), E_INVAL);
	EXPECT(ecc_link_update(link, program) < 0, 1);
	EXPECT(ecc_link_detach(link), 0);
	EXPECT(ecc_possible_cpus() > 0, 1);
}

static void perf_buffers(ecc_handle_t object)
{
	static unsigned char records[ECC_PERFBUF_LENGTH_MIN];
	ecc_handle_t perf = ecc_map_find(object, "perf", 4);
	struct ecc_wait_item item = {.kind = ECC_WAIT_PERFBUF, .handle = perf};

	EXPECT(ecc_perfbuf_acquire(perf, records, sizeof(records), 0), E_INVAL);
	EXPECT(ecc_perfbuf_close(perf), E_INVAL);
	EXPECT(ecc_wait(&item, 1, 0), E_INVAL);
	EXPECT(ecc_perfbuf_open(perf, 0), E_INVAL);
	EXPECT(ecc_perfbuf_open(perf, 3), E_INVAL);
	EXPECT(ecc_perfbuf_open(perf, 1u << 31), E_BIG);
	EXPECT(ecc_perfbuf_open(ecc_map_find(object, "table", 5), 1), E_INVAL);
	EXPECT(ecc_perfbuf_open(perf, 1), 0);
	EXPECT(ecc_perfbuf_open(perf, 1), E_BUSY);
	EXPECT(ecc_perfbuf_acquire(perf, records, sizeof(records) - 1, 0), E_INVAL);
	EXPECT(ecc_perfbuf_acquire(perf, OUTSIDE, sizeof(records), 0), E_FAULT);
	EXPECT(ecc_perfbuf_acquire(perf, records, 0xffffffffu, 0), E_INVAL);
	EXPECT(ecc_perfbuf_acquire(perf, records, sizeof(records), 0), 0);
	EXPECT(ecc_wait(&item, 1, 0), 0);
	item.kind = ECC_WAIT_RINGBUF;
	EXPECT(ecc_wait(&item, 1, 0), E_INVAL);
	EXPECT(ecc_map_mmap(perf, windows, 65536, 0, 0), E_BUSY);
	EXPECT(ecc_perfbuf_close(perf), 0);
	EXPECT(ecc_perfbuf_close(perf), E_INVAL);
	EXPECT(ecc_map_mmap(perf, windows, 65536, 0, 0), E_OPNOTSUPP);
}

static void placement(ecc_handle_t object)
{
	ecc_handle_t ring = ecc_map_find(object, "events", 6);
	ecc_handle_t shown = ecc_map_find(object, "shown", 5);
	struct ecc_mmap_info info = {.size = sizeof(info)};

	EXPECT(ecc_map_mmap(ring, windows + 8, 65536, 0, &info), E_INVAL);
	EXPECT(ecc_map_mmap(ring, windows, 4096, 0, &info), E_INVAL);
	EXPECT(ecc_map_mmap(ring, windows, 0, 0, &info), E_INVAL);
	EXPECT(ecc_map_mmap(ring, windows, 0x7fff0000, 0, &info), E_FAULT);
	EXPECT(ecc_map_mmap(ring, (void *)0xffff0000u, 65536, 0, &info), E_FAULT);
	EXPECT(ecc_map_mmap(ring, windows, 65536, 8, &info), E_INVAL);
	EXPECT(ecc_map_mmap(ring, windows, 65536, 0, OUTSIDE), E_FAULT);
	EXPECT(ecc_map_mmap(ecc_map_find(object, "table", 5), windows, 65536, 0, &info), E_OPNOTSUPP);
	EXPECT(ecc_map_mmap(ring, windows, 65536, 0, &info), 0);
	EXPECT(ecc_map_mmap(ring, windows + 65536, 65536, 0, &info), E_BUSY);
	EXPECT(ecc_map_mmap(shown, windows, 65536, 0, &info), E_INVAL);
	EXPECT(ecc_map_mmap(shown, windows + 65536, 65536, ECC_MMAP_WRITE, &info), 0);
	expect("an array's own pages", info.mode, ECC_MMAP_ZERO_COPY);
	EXPECT(ecc_ringbuf_acquire(shown, 0, 0), E_INVAL);
	EXPECT(ecc_ringbuf_acquire(ring, 0, 0), 0);
	windows[65536] = 9;
	uint32_t key = 0;
	uint64_t value = 0;

	EXPECT(ecc_map_lookup(shown, &key, 4, &value, 8, 0), 0);
	expect("the map has it at once", (long long)value, 9);
	expect("memory beyond the map's page is the guest's", windows[65536 + 4096] = 5, 5);
	EXPECT((long long)__builtin_wasm_memory_grow(0, 1) > 0, 1);
	expect("the window survives growth", windows[65536], 9);
	EXPECT(ecc_map_sync(shown), 0);
	expect("the guest's byte stays", windows[65536], 9);
	EXPECT(ecc_map_munmap(shown), 0);
	expect("what is left is zero", windows[65536], 0);
	EXPECT(ecc_map_munmap(shown), E_INVAL);
	EXPECT(ecc_map_mmap(shown, windows + 65536, 65536, 0, &info), 0);
	expect("the map kept it", windows[65536], 9);
	expect("a window to read shows the pages, too", info.mode, ECC_MMAP_ZERO_COPY);
	value = 10;
	EXPECT(ecc_map_update(shown, &key, 4, &value, 8, 0), 0);
	EXPECT(ecc_map_sync(shown), 0);
	expect("which follow the map", windows[65536], 10);
	EXPECT(ecc_map_lookup(shown, &key, 4, windows + 65536, 8, 0), E_FAULT);
}

/* libbpf has pages for data sections, as many as there are entries. */
static void sizes_before_load(ecc_handle_t object)
{
	EXPECT(ecc_map_set_max_entries(ecc_map_find(object, ".bss", 4), 1 << 20), E_INVAL);
	EXPECT(ecc_map_set_max_entries(ecc_map_find(object, ".rodata", 7), 0), E_INVAL);
	EXPECT(ecc_map_set_max_entries(ecc_map_find(object, "table", 5), 64), 0);
}

int main(void)
{
	ecc_handle_t object = ecc_object_open("events", 6, 0);

	sizes_before_load(object);
	EXPECT(ecc_object_load(object), 0);
	EXPECT(ecc_object_load(object), E_INVAL);
	elements(object);
	special_maps(object);
	batches(object);
	runs_and_iterators(object);
	perf_buffers(object);
	placement(object);
	EXPECT(ecc_program_attach(ecc_program_find(object, "on_getpriority", 14),
				  &(struct ecc_attach_opts){.size = sizeof(struct ecc_attach_opts), .kind = 77}),
	       E_INVAL);
	ecc_handle_t link = ecc_program_attach(ecc_program_find(object, "on_getpriority", 14), 0);

	expect("a link", link >= ECC_HANDLE_FIRST, 1);
	EXPECT(ecc_link_detach(link), 0);
	EXPECT(ecc_link_detach(link), E_BADF);
	EXPECT(ecc_object_close(object), 0);
	return wrong;
}
