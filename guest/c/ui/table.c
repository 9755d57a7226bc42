/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table: a heading and one line per record. Columns begin at fixed places; a cell that is too wide pushes the next
 * one aside and the one after it stands right again. A record inside becomes columns of its own (outer.inner).
 */
#include <string.h>

#include "ui.h"

/* The names of the records that a column is in, innermost first. */
struct path {
	const struct path *outer;
	const char *name;
};

/* Goes through the columns from left to right; with `data` NULL it writes the heading. */
struct line {
	const uint8_t *data;
	uint32_t size;
	uint32_t column; /* where the next cell begins */
};

static uint32_t decimal_width(uint32_t bits)
{
	/* Of the values that are seen usually: a process id in 32 bits, nanoseconds since boot in 64. */
	return bits <= 8 ? 3 : bits <= 16 ? 5 : bits <= 32 ? 7 : 15;
}

static uint32_t text_width(uint32_t bytes)
{
	return bytes && bytes < 32 ? bytes : 32;
}

static uint32_t enum_width(const struct ecc_ui_field *field)
{
	uint32_t width = 0;

	for (uint32_t i = 0; i < field->enumerator_count; i++) {
		uint32_t length = (uint32_t)strlen(field->enumerators[i].name);

		width = length > width ? length : width;
	}
	return width < 24 ? width : 24;
}

static uint32_t element_width(const struct ecc_ui_field *field)
{
	switch (field->kind) {
	case ECC_UI_BOOL:
		return 5;
	case ECC_UI_ADDRESS:
		return 18;
	case ECC_UI_ENUM:
		return enum_width(field);
	case ECC_UI_TEXT:
		return text_width(field->size_bits / 8);
	case ECC_UI_BYTES:
		return text_width(field->size_bits / 4);
	case ECC_UI_RECORD:
		return 32;
	default:
		return decimal_width(field->size_bits) + (field->kind == ECC_UI_SIGNED);
	}
}

static uint32_t field_width(const struct ecc_ui_field *field)
{
	uint32_t width = element_width(field);

	if (field->count)
		width = field->count < 4 ? (width + 1) * field->count : 32;
	return width;
}

static uint32_t path_length(const struct path *path)
{
	uint32_t length = 0;

	for (; path; path = path->outer)
		length += (uint32_t)strlen(path->name) + 1;
	return length - 1;
}

static void put_upper(const char *text)
{
	for (; *text; text++)
		out_char(*text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
}

static void put_path(const struct path *path)
{
	if (path->outer) {
		put_path(path->outer);
		out_char('.');
	}
	put_upper(path->name);
}

static bool is_right_aligned(const struct ecc_ui_field *field)
{
	return !field->count && (field->kind == ECC_UI_UNSIGNED || field->kind == ECC_UI_SIGNED);
}

static void put_cell(struct line *line, const struct ecc_ui_field *field, const struct path *path,
		     uint32_t offset_bits)
{
	struct place at = { line->data, line->size, offset_bits };
	uint32_t heading = path_length(path);
	uint32_t width = field_width(field);
	char text[number_size];
	const char *number = NULL;
	uint32_t right = 0;

	width = width < heading ? heading : width;
	if (is_right_aligned(field)) {
		number = line->data ? format_number(field, at, text) : NULL;

		uint32_t length = number ? (uint32_t)strlen(number) : heading;

		right = length < width ? width - length : 0;
	}
	out_pad_to(line->column + right);
	if (!line->data)
		put_path(path);
	else if (number)
		out_text(number);
	else
		put_field(field, at, STYLE_TABLE);
	line->column += width + 1;
}

static void put_cells(struct line *line, const struct ecc_ui_record *record, const struct path *outer,
		      uint32_t offset_bits)
{
	for (uint32_t i = 0; i < record->field_count; i++) {
		const struct ecc_ui_field *field = &record->fields[i];
		struct path path = { outer, field->name };
		uint32_t offset = offset_bits + field->offset_bits;

		if (field->kind == ECC_UI_RECORD && !field->count)
			put_cells(line, field->record, &path, offset);
		else
			put_cell(line, field, &path, offset);
	}
}

static void put_line(struct line *line, const struct ecc_ui_record *record, uint32_t name_width)
{
	if (name_width) {
		if (line->data)
			out_text(record->name);
		else
			put_upper(record->name);
		line->column = name_width + 1;
	}
	put_cells(line, record, NULL, 0);
	out_char('\n');
}

void put_heading(const struct ecc_ui_record *record, uint32_t name_width)
{
	struct line line = { 0 };

	put_line(&line, record, name_width);
}

void put_row(const struct ecc_ui_record *record, const uint8_t *data, uint32_t size, uint32_t name_width)
{
	struct line line = { data, size, 0 };

	put_line(&line, record, name_width);
}
