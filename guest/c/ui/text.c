/* SPDX-License-Identifier: Apache-2.0 */
#include "ui.h"

static const char hex_digits[] = "0123456789abcdef";

static void put_hex_byte(uint8_t byte)
{
	out_char(hex_digits[byte >> 4]);
	out_char(hex_digits[byte & 15]);
}

void put_hex_bytes(const uint8_t *bytes, uint32_t size)
{
	while (size--)
		put_hex_byte(*bytes++);
}

/* The length of the UTF-8 sequence at `text` (RFC 3629), 0 if there is none. Controls beyond ASCII count as none. */
static uint32_t utf8_length(const uint8_t *text, uint32_t size)
{
	uint32_t first = text[0];
	uint32_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

	if (length > size)
		return 0;
	for (uint32_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;

	uint32_t start = length > 1 ? first << 8 | text[1] : 0;
	bool is_overlong = (length == 3 && start < 0xe0a0) || (length == 4 && start < 0xf090);
	bool is_surrogate = length == 3 && start >= 0xeda0 && start <= 0xedbf;
	bool is_beyond = length == 4 && start > 0xf48f;
	bool is_control = length == 2 && start < 0xc2a0;

	return is_overlong || is_surrogate || is_beyond || is_control ? 0 : length;
}

static void put_escaped(uint8_t byte, enum style style)
{
	if (style == STYLE_TABLE) {
		out_text("\\x");
		put_hex_byte(byte);
	} else if (byte < 0x80) {
		out_text("\\u00");
		put_hex_byte(byte);
	} else {
		out_text("\\ufffd");
	}
}

/* Returns the number of bytes that it took. */
static uint32_t put_character(const uint8_t *text, uint32_t size, enum style style)
{
	uint32_t length = utf8_length(text, size);
	uint8_t byte = text[0];

	if (!length || byte < 0x20 || byte == 0x7f) {
		put_escaped(byte, style);
		return 1;
	}
	if (style == STYLE_JSON && (byte == '"' || byte == '\\'))
		out_char('\\');
	out_bytes((const char *)text, length);
	return length;
}

void put_text(const uint8_t *text, uint32_t size, enum style style)
{
	if (style == STYLE_JSON)
		out_char('"');
	for (uint32_t i = 0; i < size && text[i];)
		i += put_character(text + i, size - i, style);
	if (style == STYLE_JSON)
		out_char('"');
}
