/* SPDX-License-Identifier: Apache-2.0 */
/* All buffers of a program, printed as their records come. */
#include <string.h>

#include "ui.h"

enum { waits_forever = -1, does_not_wait = 0, linux_eintr = 4 };

static void put_headings(const struct printer *printer)
{
	for (uint32_t i = 0; i < printer->program->stream_count; i++)
		for (uint32_t j = 0; j < printer->program->streams[i].record_count; j++)
			put_heading(printer->program->streams[i].records[j], printer->name_width);
}

static int open_source(const struct ecc_ui_program *program, struct source *source, ecc_handle_t object)
{
	struct ecc_map_info info = { .size = sizeof(info) };
	const char *name = source->stream->map;
	int err = source->map = ecc_map_find(object, name, strlen(name));

	if (err >= 0)
		err = ecc_map_info(source->map, &info);
	if (err < 0) {
		say_error(program, "cannot find map", name, err);
		return err;
	}
	return source->stream->reader->open(program, source, info.max_entries);
}

/* Prints the records that are there, or that come within the time. Returns whether there were any, or -errno. */
static int drain(struct printer *printer, struct source *source, int timeout_ms)
{
	return source->stream->reader->drain(printer, source, timeout_ms);
}

/* One round over all buffers; waits if they were empty. Returns 0, or -errno when something ended it. */
static int turn(struct printer *printer, struct source *sources, struct ecc_wait_item *items)
{
	uint32_t count = printer->program->stream_count;
	bool is_idle = true;

	for (uint32_t i = 0; i < count; i++) {
		int result = drain(printer, &sources[i], does_not_wait);

		if (result < 0)
			return result;
		is_idle = is_idle && !result;
	}
	if (!is_idle)
		return 0;
	out_flush();
	if (out_state() != OUT_OPEN)
		return 0;

	int result = count == 1 ? drain(printer, sources, waits_forever) : ecc_wait(items, count, waits_forever);

	return result < 0 ? result : 0;
}

int run_streams(struct printer *printer, ecc_handle_t object)
{
	uint32_t count = printer->program->stream_count;
	uint64_t items_size = (uint64_t)count * sizeof(struct ecc_wait_item);
	struct ecc_wait_item *items = new_pages(items_size + (uint64_t)count * sizeof(struct source) + 1);

	if (!items)
		return 1;

	struct source *sources = (struct source *)(items + count);

	for (uint32_t i = 0; i < count; i++) {
		sources[i].stream = &printer->program->streams[i];
		if (open_source(printer->program, &sources[i], object) < 0)
			return 1;
		items[i] = (struct ecc_wait_item){
			.kind = sources[i].stream->reader->wait_kind,
			.handle = sources[i].map,
		};
	}
	/* All that it takes is attached and open: give up the rights that it took. */
	(void)ecc_seal();
	if (!printer->json)
		put_headings(printer);
	if (!count)
		say(printer->program->name, ": attached; runs until a signal (Ctrl-C)", NULL);

	int err = 0;

	while (!ecc_signal_take() && out_state() == OUT_OPEN && !err) {
		err = turn(printer, sources, items);
		if (err == -linux_eintr)
			err = 0;
	}
	/* What was there when the signal came. */
	for (uint32_t i = 0; i < count && !err; i++)
		(void)drain(printer, &sources[i], does_not_wait);
	return finish(printer, err);
}
