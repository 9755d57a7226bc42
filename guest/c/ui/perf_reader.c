/* SPDX-License-Identifier: Apache-2.0 */
/* Perf buffers, whose samples the host copies. */
#include "ui.h"

enum { perf_pages = 64, perf_buffer_size = 131072 };

static int open_perf(const struct ecc_ui_program *program, struct source *source, uint32_t max_entries)
{
	(void)max_entries;
	source->window = new_pages(perf_buffer_size);
	if (!source->window) {
		say(program->name, ": no memory for the samples of ", source->stream->map, NULL);
		return -1;
	}

	int err = ecc_perfbuf_open(source->map, perf_pages);

	if (err < 0)
		say_error(program, "cannot read perf buffer", source->stream->map, err);
	return err;
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

const struct ecc_ui_reader ecc_ui_perf_reader = {
	.open = open_perf,
	.drain = drain_perf,
	.wait_kind = ECC_WAIT_PERFBUF,
};
