/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ui.h"

uint64_t load_bits(struct place at, uint32_t bits)
{
	uint64_t value = 0;

	if (bits > 64)
		bits = 64;
	for (uint32_t done = 0; done < bits;) {
		uint32_t position = at.offset_bits + done;
		uint32_t skip = position % 8;
		uint64_t byte = position / 8 < at.size ? at.data[position / 8] : 0;

		value |= byte >> skip << done;
		done += 8 - skip;
	}
	return bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
}

int64_t sign_extend(uint64_t value, uint32_t bits)
{
	return bits && bits < 64 ? (int64_t)(value << (64 - bits)) >> (64 - bits) : (int64_t)value;
}

const char *format_number(const struct ecc_ui_field *field, struct place at, char *text)
{
	uint64_t value = load_bits(at, field->size_bits);

	switch (field->kind) {
	case ECC_UI_UNSIGNED:
		return format_unsigned(value, text);
	case ECC_UI_SIGNED:
		return format_signed(sign_extend(value, field->size_bits), text);
	case ECC_UI_FLOAT:
	case ECC_UI_WIDE:
		return field->format(field, &at, text);
	default:
		return NULL;
	}
}

static void put_enum(const struct ecc_ui_field *field, uint64_t value, enum style style)
{
	char text[number_size];
	const char *quote = style == STYLE_JSON ? "\"" : "";

	if (field->is_signed)
		value = (uint64_t)sign_extend(value, field->size_bits);
	for (uint32_t i = 0; i < field->enumerator_count; i++) {
		if (field->enumerators[i].value == value) {
			out_text(quote);
			out_text(field->enumerators[i].name);
			out_text(quote);
			return;
		}
	}
	out_text(field->is_signed ? format_signed((int64_t)value, text) : format_unsigned(value, text));
}

static void put_address(uint64_t value, enum style style)
{
	char text[number_size];
	const char *quote = style == STYLE_JSON ? "\"" : "";

	out_text(quote);
	out_text(format_hex(value, text));
	out_text(quote);
}

static void put_bytes(const struct ecc_ui_field *field, struct place at, enum style style)
{
	uint32_t offset = at.offset_bits / 8;
	uint32_t room = offset < at.size ? at.size - offset : 0;
	uint32_t wanted = field->size_bits ? field->size_bits / 8 : room;
	uint32_t size = wanted < room ? wanted : room;

	if (field->kind == ECC_UI_TEXT) {
		put_text(at.data + offset, size, style);
		return;
	}
	if (style == STYLE_JSON)
		out_char('"');
	put_hex_bytes(at.data + offset, size);
	if (style == STYLE_JSON)
		out_char('"');
}

static void put_element(const struct ecc_ui_field *field, struct place at, enum style style)
{
	char text[number_size];
	const char *number = format_number(field, at, text);

	switch (field->kind) {
	case ECC_UI_BOOL:
		out_text(load_bits(at, field->size_bits) ? "true" : "false");
		break;
	case ECC_UI_ADDRESS:
		put_address(load_bits(at, field->size_bits), style);
		break;
	case ECC_UI_ENUM:
		put_enum(field, load_bits(at, field->size_bits), style);
		break;
	case ECC_UI_TEXT:
	case ECC_UI_BYTES:
		put_bytes(field, at, style);
		break;
	case ECC_UI_RECORD: /* in a table too: an array of records has no columns of its own */
		put_object(field->record, at, NULL);
		break;
	default:
		out_text(number ? number : "null");
	}
}

void put_field(const struct ecc_ui_field *field, struct place at, enum style style)
{
	if (!field->count) {
		put_element(field, at, style);
		return;
	}
	if (style == STYLE_JSON)
		out_char('[');
	for (uint32_t i = 0; i < field->count && at.offset_bits + field->size_bits <= at.size * 8;
	     i++, at.offset_bits += field->size_bits) {
		if (i)
			out_char(',');
		put_element(field, at, style);
	}
	if (style == STYLE_JSON)
		out_char(']');
}

static void put_key(const char *name)
{
	out_char('"');
	out_text(name);
	out_text("\":");
}

void put_object(const struct ecc_ui_record *record, struct place at, const char *name)
{
	const char *separator = "";

	out_char('{');
	if (name) {
		put_key("record");
		put_text((const uint8_t *)name, (uint32_t)strlen(name), STYLE_JSON);
		separator = ",";
	}
	for (uint32_t i = 0; i < record->field_count; i++) {
		const struct ecc_ui_field *field = &record->fields[i];
		struct place field_at = { at.data, at.size, at.offset_bits + field->offset_bits };

		out_text(separator);
		separator = ",";
		put_key(field->name);
		put_field(field, field_at, STYLE_JSON);
	}
	out_char('}');
}
