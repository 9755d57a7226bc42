/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ui.h"

static char *format_digits(uint64_t value, uint32_t base, char *text)
{
	char *at = text + number_size - 1;

	*at = '\0';
	do {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	return at;
}

const char *format_unsigned(uint64_t value, char *text)
{
	return format_digits(value, 10, text);
}

const char *format_signed(int64_t value, char *text)
{
	char *at;

	if (value >= 0)
		return format_unsigned((uint64_t)value, text);
	at = format_digits(-(uint64_t)value, 10, text);
	*--at = '-';
	return at;
}

const char *format_hex(uint64_t value, char *text)
{
	char *at = format_digits(value, 16, text);

	*--at = 'x';
	*--at = '0';
	return at;
}

static uint64_t digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (uint64_t)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a') + 10 : 16;
}

bool parse_number(const char *text, uint64_t *value, bool *negative)
{
	uint64_t base = 10;

	*negative = *text == '-';
	text += *negative;
	if (text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
	}
	*value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = digit_value(*text);

		if (digit >= base || *value > (UINT64_MAX - digit) / base)
			return false;
		*value = *value * base + digit;
	}
	return true;
}
