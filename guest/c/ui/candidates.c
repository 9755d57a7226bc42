/* SPDX-License-Identifier: Apache-2.0 */
/* Records whose size fits several types: "?open …" for each, or {"candidates":[{"record":"open",…},…]}. */
#include "ui.h"

static bool is_ambiguous(const struct ecc_ui_stream *stream, uint32_t size)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < stream->record_count; i++)
		count += stream->records[i]->size == size;
	return count > 1;
}

static void put_candidate(const struct printer *printer, const struct ecc_ui_record *record, struct place at,
			  char separator)
{
	out_char(printer->json ? separator : '?');
	if (printer->json)
		put_object(record, at, record->name);
	else
		put_row(record, at.data, at.size, printer->name_width);
}

int ecc_ui_print_candidates(const struct printer *printer, const struct ecc_ui_stream *stream, const uint8_t *data,
			    uint32_t size)
{
	struct place at = { data, size, 0 };
	char separator = '[';

	if (!is_ambiguous(stream, size))
		return 0;
	if (printer->json)
		out_text("{\"candidates\":");
	for (uint32_t i = 0; i < stream->record_count; i++) {
		if (stream->records[i]->size != size)
			continue;
		put_candidate(printer, stream->records[i], at, separator);
		separator = ',';
	}
	if (printer->json)
		out_text("]}\n");
	return 1;
}
