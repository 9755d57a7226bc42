/* SPDX-License-Identifier: Apache-2.0 */
/* From ring buffers and perf buffers to lines. */
#include <string.h>

#include "ui.h"

enum {
	header_size = 8,
	waits_forever = -1,
	does_not_wait = 0,
	linux_eintr = 4,
	perf_event_array = 4, /* BPF_MAP_TYPE_PERF_EVENT_ARRAY */
	perf_pages = 64,
	perf_buffer_size = 131072,
	sigpipe_status = 128 + 13,
};

static const uint32_t busy_bit = 1u << 31;
static const uint32_t discard_bit = 1u << 30;

struct source {
	const struct ecc_ui_stream *stream;
	const uint8_t *window;
	ecc_handle_t map;
	uint32_t consumed;
	bool is_perf;
};

static bool has_open_end(const struct ecc_ui_record *record)
{
	const struct ecc_ui_field *last = record->field_count ? &record->fields[record->field_count - 1] : NULL;

	return last && !last->size_bits && (last->kind == ECC_UI_TEXT || last->kind == ECC_UI_BYTES);
}

static const struct ecc_ui_record *find_record(const struct ecc_ui_stream *stream, uint32_t size)
{
	const struct ecc_ui_record *best = NULL;

	for (uint32_t i = 0; i < stream->record_count; i++) {
		const struct ecc_ui_record *record = stream->records[i];

		if (record->size == size)
			return record;
		if (record->size < size && has_open_end(record) && (!best || best->size < record->size))
			best = record;
	}
	return best;
}

static bool is_ambiguous(const struct ecc_ui_stream *stream, uint32_t size)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < stream->record_count; i++)
		count += stream->records[i]->size == size;
	return count > 1;
}

/* A record that may be of several types as each of them: "?open …", or
 * {"candidates":[{"record":"open",…},…]}. */
static void print_candidates(const struct printer *printer, const struct ecc_ui_stream *stream, struct place at)
{
	char separator = '[';

	if (printer->json)
		out_text("{\"candidates\":");
	for (uint32_t i = 0; i < stream->record_count; i++) {
		const struct ecc_ui_record *record = stream->records[i];

		if (record->size != at.size)
			continue;
		out_char(printer->json ? separator : '?');
		separator = ',';
		if (printer->json)
			put_object(record, at, record->name);
		else
			put_row(record, at.data, at.size, printer->name_width);
	}
	if (printer->json)
		out_text("]}\n");
}

void print_record(struct printer *printer, const struct ecc_ui_stream *stream, const uint8_t *data, uint32_t size)
{
	const struct ecc_ui_record *record = find_record(stream, size);
	struct place at = { data, size, 0 };

	if (!record) {
		printer->skipped++;
	} else if (is_ambiguous(stream, size)) {
		print_candidates(printer, stream, at);
	} else if (printer->json) {
		put_object(record, at, printer->names_records ? record->name : NULL);
		out_char('\n');
	} else {
		put_row(record, data, size, printer->name_width);
	}
}

void printer_init(struct printer *printer, const struct ecc_ui_program *program, bool json)
{
	uint32_t kinds = 0;
	uint32_t longest = 0;

	for (uint32_t i = 0; i < program->stream_count; i++) {
		for (uint32_t j = 0; j < program->streams[i].record_count; j++, kinds++) {
			uint32_t length = (uint32_t)strlen(program->streams[i].records[j]->name);

			longest = length > longest ? length : longest;
		}
	}
	*printer = (struct printer){ .program = program, .json = json };
	printer->names_records = kinds > 1 || program->stream_count > 1;
	printer->name_width = printer->names_records ? longest : 0;
}

static void put_headings(const struct printer *printer)
{
	for (uint32_t i = 0; i < printer->program->stream_count; i++)
		for (uint32_t j = 0; j < printer->program->streams[i].record_count; j++)
			put_heading(printer->program->streams[i].records[j], printer->name_width);
}

static int open_ring(const struct printer *printer, struct source *source, uint32_t max_entries)
{
	struct ecc_mmap_info shown = { .size = sizeof(shown) };
	/* The host wants whole pages of 64 KiB: what new_pages makes. */
	uint32_t size = (uint32_t)(((uint64_t)max_entries * 2 + 65535) / 65536 * 65536);
	void *window = max_entries <= INT32_MAX / 2 ? new_pages(size) : NULL;

	if (!window) {
		say(printer->program->name, ": no memory to show the ring buffer ", source->stream->map, NULL);
		return -1;
	}
	source->window = window;

	int err = ecc_map_mmap(source->map, window, size, 0, &shown);

	if (err < 0)
		say_error(printer->program, "cannot read ring buffer", source->stream->map, err);
	return err;
}

static int open_perf(const struct printer *printer, struct source *source)
{
	source->is_perf = true;
	source->window = new_pages(perf_buffer_size);
	if (!source->window) {
		say(printer->program->name, ": no memory for the samples of ", source->stream->map, NULL);
		return -1;
	}

	int err = ecc_perfbuf_open(source->map, perf_pages);

	if (err < 0)
		say_error(printer->program, "cannot read perf buffer", source->stream->map, err);
	return err;
}

static int open_source(const struct printer *printer, struct source *source, ecc_handle_t object)
{
	struct ecc_map_info info = { .size = sizeof(info) };
	const char *name = source->stream->map;
	int err = source->map = ecc_map_find(object, name, strlen(name));

	if (err >= 0)
		err = ecc_map_info(source->map, &info);
	if (err < 0) {
		say_error(printer->program, "cannot find map", name, err);
		return err;
	}
	return info.type == perf_event_array ? open_perf(printer, source) : open_ring(printer, source, info.max_entries);
}

/* The kernel rounds a sample up to 4 less than a multiple of 8. */
static uint32_t without_padding(const struct ecc_ui_stream *stream, uint32_t size)
{
	for (uint32_t i = 0; i < stream->record_count; i++)
		if ((stream->records[i]->size + 4 + 7) / 8 * 8 - 4 == size)
			return stream->records[i]->size;
	return size;
}

static int drain_perf(struct printer *printer, struct source *source, int timeout_ms)
{
	int length = ecc_perfbuf_acquire(source->map, (void *)source->window, perf_buffer_size, timeout_ms);

	for (int at = 0; at < length;) {
		const struct ecc_perf_record *record = (const struct ecc_perf_record *)(source->window + at);

		printer->lost += record->lost_before;
		print_record(printer, source->stream, (const uint8_t *)(record + 1),
			     without_padding(source->stream, record->length));
		at += (int)(sizeof(*record) + (record->length + 7) / 8 * 8);
	}
	return length;
}

/* Prints the records that are there, or that come within the time. Returns whether there were any, or -errno. */
static int drain(struct printer *printer, struct source *source, int timeout_ms)
{
	if (source->is_perf)
		return drain_perf(printer, source, timeout_ms);

	int64_t span = ecc_ringbuf_acquire(source->map, source->consumed, timeout_ms);

	source->consumed = 0;
	if (span <= 0)
		return (int)span;

	const uint8_t *start = source->window + (uint32_t)(span >> 32);
	uint32_t length = (uint32_t)span;

	while (length - source->consumed >= header_size) {
		const uint8_t *record = start + source->consumed;
		uint32_t header = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t size = header & ~(busy_bit | discard_bit);
		uint32_t whole = (size + header_size + 7) / 8 * 8;

		if (header & busy_bit || whole > length - source->consumed)
			break;
		if (!(header & discard_bit))
			print_record(printer, source->stream, record + header_size, size);
		source->consumed += whole;
	}
	return source->consumed != 0;
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

int finish(const struct printer *printer, int err)
{
	char text[number_size];

	out_flush();
	if (printer->skipped)
		say(printer->program->name, ": ", format_unsigned(printer->skipped, text),
		    " records had a size that fits no known type and were skipped", NULL);
	if (printer->lost)
		say(printer->program->name, ": ", format_unsigned(printer->lost, text),
		    " records were lost because they came too fast", NULL);
	if (err)
		say_error(printer->program, "cannot read", "records", err);
	if (out_state() == OUT_FAILED)
		say(printer->program->name, ": cannot write to standard output", NULL);
	if (out_state() == OUT_CLOSED)
		return sigpipe_status;
	return err || out_state() == OUT_FAILED ? 1 : 0;
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
		if (open_source(printer, &sources[i], object) < 0)
			return 1;
		items[i] = (struct ecc_wait_item){
			.kind = sources[i].is_perf ? ECC_WAIT_PERFBUF : ECC_WAIT_RINGBUF,
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
