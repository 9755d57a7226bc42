/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of SEC("iter/..."): what they write is text, which becomes output line by line. */
#include <string.h>

#include "ui.h"

enum { text_size = 65536, linux_eintr = 4, kernel_status = 1 };

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

static void put_line(const char *iterator, const uint8_t *line, uint32_t size, bool json)
{
	if (json) {
		out_text("{\"iterator\":");
		put_text((const uint8_t *)iterator, strlen(iterator), STYLE_JSON);
		out_text(",\"line\":");
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
	uint32_t size = 0;
	int count = 1;

	while (count > 0 && out_state() == OUT_OPEN && !ecc_signal_take()) {
		count = ecc_iterator_read(iterator, text + size, text_size - size);
		if (count > 0)
			size = put_lines(name, text, size + (uint32_t)count, json);
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
