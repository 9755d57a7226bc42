/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <string.h>
#include <wasi/api.h>

#include "ui.h"

enum {
	standard_output = 1,
	standard_error = 2,
};

static char buffer[16384];
static size_t used;
static uint32_t column;
static uint32_t next_column; /* blanks up to here come with the next character, so that no line ends with blanks */
static enum out_state state;

static __wasi_errno_t write_all(__wasi_fd_t fd, const char *bytes, size_t length)
{
	while (length) {
		__wasi_ciovec_t vector = { (const uint8_t *)bytes, length };
		__wasi_size_t written = 0;
		__wasi_errno_t err = __wasi_fd_write(fd, &vector, 1, &written);

		if (err == __WASI_ERRNO_INTR)
			continue;
		if (err)
			return err;
		bytes += written;
		length -= written;
	}
	return 0;
}

void out_flush(void)
{
	if (state == OUT_OPEN) {
		__wasi_errno_t err = write_all(standard_output, buffer, used);

		if (err)
			state = err == __WASI_ERRNO_PIPE  ? OUT_CLOSED :
				err == __WASI_ERRNO_NOSPC ? OUT_FULL :
							    OUT_FAILED;
	}
	used = 0;
}

enum out_state out_state(void)
{
	return state;
}

static void put(char c)
{
	if (used == sizeof(buffer))
		out_flush();
	buffer[used++] = c;
}

void out_char(char c)
{
	if (c == '\n') {
		column = next_column = 0;
	} else {
		for (; column < next_column; column++)
			put(' ');
		if (((unsigned char)c & 0xc0) != 0x80) /* continuation bytes of UTF-8 take no column */
			column++;
	}
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

void say_part(const char *text)
{
	(void)write_all(standard_error, text, strlen(text));
}

void say(const char *part, ...)
{
	va_list parts;

	va_start(parts, part);
	for (; part; part = va_arg(parts, const char *))
		say_part(part);
	va_end(parts);
	say_part("\n");
}
