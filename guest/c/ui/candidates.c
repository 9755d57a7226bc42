/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of streams whose types are not told apart by size alone, or not all known. One that several types fit is
 * printed as each: "?open …", or {"candidates":[{"record":"open",…},…]}. One that none fits is printed as bytes.
 */
#include "ui.h"

static const struct ecc_ui_field bytes_fields[] = { { .name = "data", .kind = ECC_UI_BYTES } };
static const struct ecc_ui_record bytes_record = { "data", 0, bytes_fields, 1 };

/* Of its size, or with an end that is open, or may be cut off and is. */
static bool fits(const struct ecc_ui_stream *stream, const struct ecc_ui_record *record, uint32_t size)
{
	const struct ecc_ui_field *last = record->field_count ? &record->fields[record->field_count - 1] : NULL;

	if (record->size == size || !last)
		return record->size == size;
	if (record->size < size)
		return record->has_open_end;

	bool is_bytes = !last->count && (last->kind == ECC_UI_TEXT || last->kind == ECC_UI_BYTES);

	return stream->varies && (is_bytes || record->has_open_end) && last->offset_bits / 8 < size;
}

static void put_one(const struct printer *printer, const struct ecc_ui_record *record, struct place at, bool is_named)
{
	if (printer->json) {
		put_object(record, at, is_named ? record->name : NULL);
		out_char('\n');
	} else {
		put_row(record, at.data, at.size, printer->name_width);
	}
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

static void put_candidates(const struct printer *printer, const struct ecc_ui_stream *stream, struct place at)
{
	char separator = '[';

	if (printer->json)
		out_text("{\"candidates\":");
	for (uint32_t i = 0; i < stream->record_count; i++) {
		if (!fits(stream, stream->records[i], at.size))
			continue;
		put_candidate(printer, stream->records[i], at, separator);
		separator = ',';
	}
	if (printer->json)
		out_text("]}\n");
}

void ecc_ui_print_candidates(const struct printer *printer, const struct ecc_ui_stream *stream, const uint8_t *data,
			     uint32_t size)
{
	struct place at = { data, size, 0 };
	const struct ecc_ui_record *last = &bytes_record;
	uint32_t count = 0;

	for (uint32_t i = 0; i < stream->record_count; i++) {
		if (!fits(stream, stream->records[i], size))
			continue;
		last = stream->records[i];
		count++;
	}
	if (count > 1)
		put_candidates(printer, stream, at);
	else
		put_one(printer, last, at, printer->names_records || !count);
}
