/* SPDX-License-Identifier: Apache-2.0 */
/* From records to lines. */
#include <string.h>

#include "ui.h"

enum { sigpipe_status = 128 + 13 };

static const struct ecc_ui_record *find_record(const struct ecc_ui_stream *stream, uint32_t size)
{
	const struct ecc_ui_record *best = NULL;

	for (uint32_t i = 0; i < stream->record_count; i++) {
		const struct ecc_ui_record *record = stream->records[i];

		if (record->size == size)
			return record;
		if (record->size < size && record->has_open_end && (!best || best->size < record->size))
			best = record;
	}
	return best;
}

void print_record(struct printer *printer, const struct ecc_ui_stream *stream, const uint8_t *data, uint32_t size)
{
	const struct ecc_ui_record *record = find_record(stream, size);
	struct place at = { data, size, 0 };

	if (stream->print_candidates) {
		stream->print_candidates(printer, stream, data, size);
	} else if (!record) {
		printer->skipped++;
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

	enum out_state state = out_state();

	if (state >= OUT_FAILED)
		say(printer->program->name, ": cannot write to standard output",
		    state == OUT_FULL ? ": no space left on device" : "", NULL);
	if (state == OUT_CLOSED)
		return sigpipe_status;
	return err || state != OUT_OPEN;
}
