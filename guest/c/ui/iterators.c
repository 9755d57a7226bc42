/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs of SEC("iter/..."): what they write is text, which becomes output line by line, or else bytes, which become
 * hexadecimal digits, for nothing tells where one record ends and the next begins.
 */
#include <string.h>

#include "ui.h"

enum { text_size = 65536, bytes_per_line = 16, linux_eintr = 4, kernel_status = 1 };

static void put_plain(const uint8_t *line, uint32_t size)
{
	for (uint32_t start = 0, i = 0; i <= size; i++) {
		if (i < size && line[i] != '\t')
			continue;
		put_text(line + start, i - start, STYLE_TABLE);
		if (i < size)
			out_char('\t');
		start = i + 1;
	}
}

/* The linker keeps all string literals of the library together, for every program; these are no strings. */
static const char name_key[] = { '{', '"', 'i', 't', 'e', 'r', 'a', 't', 'o', 'r', '"', ':' };
static const char line_key[] = { ',', '"', 'l', 'i', 'n', 'e', '"', ':' };
static const char bytes_key[] = { ',', '"', 'b', 'y', 't', 'e', 's', '"', ':' };

static void put_name(const char *iterator)
{
	out_bytes(name_key, sizeof(name_key));
	put_text((const uint8_t *)iterator, strlen(iterator), STYLE_JSON);
}

/* Whether some byte is in no text: not in UTF-8 (RFC 3629), a control character that no terminal needs, or one NUL after
 * another; a single one ends a line. */
static bool has_no_text(const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
		uint8_t byte = bytes[i];

		if (!byte ? i && !bytes[i - 1] : byte < '\a' || (byte > '\r' && byte < ' ' && byte != '\x1b'))
			return true;
		if (byte == 0xc0 || byte == 0xc1 || byte > 0xf4)
			return true;
	}
	return false;
}

static void put_bytes(const char *iterator, const uint8_t *bytes, uint32_t size, bool json)
{
	uint32_t step = json ? size : bytes_per_line;

	for (; size; bytes += step, size -= step) {
		step = step < size ? step : size;
		if (json) {
			put_name(iterator);
			out_bytes(bytes_key, sizeof(bytes_key));
			out_char('"');
		}
		put_hex_bytes(bytes, step);
		if (json) {
			out_char('"');
			out_char('}');
		}
		out_char('\n');
	}
}

static void put_line(const char *iterator, const uint8_t *line, uint32_t size, bool json)
{
	if (json) {
		put_name(iterator);
		out_bytes(line_key, sizeof(line_key));
		put_text(line, size, STYLE_JSON);
		out_char('}');
	} else {
		put_plain(line, size);
	}
	out_char('\n');
}

/* Puts the whole lines and moves the rest to the front: its size, less than that of all text. */
static uint32_t put_lines(const char *iterator, uint8_t *text, uint32_t size, bool json)
{
	uint32_t start = 0;

	for (uint32_t i = 0; i < size; i++) {
		if (text[i] != '\n' && text[i] != 0)
			continue;
		put_line(iterator, text + start, i - start, json);
		start = i + 1;
	}
	if (!start && size == text_size) {
		put_line(iterator, text, size, json);
		start = size;
	}
	memmove(text, text + start, size - start);
	return size - start;
}

static int print(const char *name, ecc_handle_t iterator, uint8_t *text, bool json)
{
	bool is_text = true;
	uint32_t size = 0;
	int count = 1;

	while (count > 0 && out_state() == OUT_OPEN && !ecc_signal_take()) {
		count = ecc_iterator_read(iterator, text + size, text_size - size);
		if (count <= 0)
			break;
		size += (uint32_t)count;
		is_text = is_text && !has_no_text(text, size);
		if (is_text) {
			size = put_lines(name, text, size, json);
		} else {
			put_bytes(name, text, size, json);
			size = 0;
		}
	}
	if (size)
		put_line(name, text, size, json);
	return count == -linux_eintr ? 0 : count;
}

int ecc_ui_print_iterators(const struct ecc_ui_program *program, int32_t object, int json)
{
	uint8_t *text = new_pages(text_size);
	int err = text ? 0 : -1;

	for (uint32_t i = 0; i < program->iterator_count && err >= 0; i++) {
		const char *name = program->iterators[i];
		ecc_handle_t link = attach_program(program, object, name);

		if (link <= 0) {
			err = link;
			continue;
		}

		ecc_handle_t iterator = ecc_iterator_open(link);

		err = iterator < 0 ? iterator : print(name, iterator, text, json);
		if (err < 0)
			say_error(program, "cannot read iterator", name, err);
		if (iterator >= 0)
			(void)ecc_iterator_close(iterator);
	}
	if (err >= 0 && (program->program_count || program->stream_count)) {
		out_flush();
		return -1;
	}

	struct printer printer = { .program = program };
	int status = finish(&printer, 0);

	return err < 0 ? kernel_status : status;
}
