/* SPDX-License-Identifier: Apache-2.0 */
/* The library's own warnings. Without printf: most programs that print would not otherwise need it. */
#include <string.h>
#include <unistd.h>

#include "internal.h"

libbpf_print_fn_t ecc_print = ecc_default_message;

int ecc_default_message(enum libbpf_print_level level, const char *format, va_list ap)
{
	const char *text = va_arg(ap, const char *);

	(void)format;
	if (level == LIBBPF_DEBUG)
		return 0;
	return (int)write(STDERR_FILENO, text, strlen(text));
}

static void print(const char *format, ...)
{
	va_list ap;

	if (!ecc_print)
		return;
	va_start(ap, format);
	ecc_print(LIBBPF_WARN, format, ap);
	va_end(ap);
}

void ecc_print_text(const char *text)
{
	print("%s", text);
}

static size_t append(char *line, size_t length, size_t size, const char *text)
{
	size_t room = size - length - 1;
	size_t n = strnlen(text, room);

	memcpy(line + length, text, n);
	line[length + n] = '\0';
	return length + n;
}

static void warn(const char *error, const char *part, va_list parts)
{
	char line[512];
	size_t length = append(line, 0, sizeof(line) - 1, "libbpf: ");

	for (; part; part = va_arg(parts, const char *))
		length = append(line, length, sizeof(line) - 1, part);
	if (error) {
		length = append(line, length, sizeof(line) - 1, ": ");
		length = append(line, length, sizeof(line) - 1, error);
	}
	line[length] = '\n';
	line[length + 1] = '\0';
	print("%s", line);
}

void ecc_warn(const char *part, ...)
{
	va_list parts;

	va_start(parts, part);
	warn(NULL, part, parts);
	va_end(parts);
}

void ecc_warn_error(int err, const char *part, ...)
{
	va_list parts;

	va_start(parts, part);
	warn(ecc_error_text(err), part, parts);
	va_end(parts);
}
