/* SPDX-License-Identifier: Apache-2.0 */
/* Text with columns, on top of the output's bytes. */
#include <string.h>

#include "ui.h"

static uint32_t column;
static uint32_t next_column; /* blanks up to here come with the next character, so that no line ends with blanks */

static void put(char c)
{
	out_byte(c);
	if (((unsigned char)c & 0xc0) != 0x80) /* continuation bytes of UTF-8 take no column */
		column++;
}

void out_char(char c)
{
	if (c == '\n') {
		out_byte(c);
		column = next_column = 0;
		return;
	}
	while (column < next_column)
		put(' ');
	put(c);
}

void out_bytes(const char *bytes, size_t length)
{
	while (length--)
		out_char(*bytes++);
}

void out_text(const char *text)
{
	out_bytes(text, strlen(text));
}

void out_pad_to(uint32_t target)
{
	uint32_t least = column ? column + 1 : 0;

	next_column = target < least ? least : target;
}
