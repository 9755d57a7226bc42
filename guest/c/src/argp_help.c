/* SPDX-License-Identifier: Apache-2.0 */
/* What argp prints: usage lines, the list of options, errors. Columns are those of GNU programs. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "argp_internal.h"

enum {
	short_column = 2,
	long_column = 6,
	doc_column = 29,
	usage_column = 12,
	right_margin = 79,
	max_rows = 256,
	standard_position = -1, /* behind everything */
};

/* One line of the list: an option with its aliases, a header or a line of documentation. */
struct row {
	const struct argp_option *option;
	int position;
	int order; /* of headers: before the options of their group */
};

/* ---- text that wraps ---- */

struct writer {
	FILE *stream;
	int column;
};

static void pad(struct writer *writer, int column)
{
	if (writer->column >= column) {
		fputc('\n', writer->stream);
		writer->column = 0;
	}
	fprintf(writer->stream, "%*s", column - writer->column, "");
	writer->column = column;
}

/* To the text of an option, whose names may be too long for it to stand beside them. */
static void pad_to_doc(struct writer *writer)
{
	if (writer->column >= doc_column && writer->column <= doc_column + 3)
		writer->column += fprintf(writer->stream, "  "); /* and a blank before the first word */
	else
		pad(writer, doc_column);
}
static void word(struct writer *writer, const char *text, int length, int indent)
{
	if (writer->column + 1 + length > right_margin && writer->column > indent) {
		fputc('\n', writer->stream);
		fprintf(writer->stream, "%*s", indent, "");
		writer->column = indent;
	} else if (writer->column && writer->column != indent) {
		fputc(' ', writer->stream);
		writer->column++;
	}
	fprintf(writer->stream, "%.*s", length, text);
	writer->column += length;
}

/* Newlines of the text stay. */
static void paragraph(struct writer *writer, const char *text, size_t length, int indent)
{
	const char *end = text + length;

	while (text < end) {
		if (*text == '\n') {
			fprintf(writer->stream, "\n%*s", indent, "");
			writer->column = indent;
			text++;
			continue;
		}
		if (*text == ' ' && writer->column > indent) {
			text++;
			continue;
		}

		size_t size = strcspn(text, text[0] == ' ' ? "\n" : " \n");

		if (size > (size_t)(end - text))
			size = (size_t)(end - text);
		word(writer, text, (int)size, indent);
		text += size;
	}
}

/* ---- the list of options ---- */

static bool is_header(const struct argp_option *option)
{
	return !option->name && !argp_is_short(option->key);
}

static const char *sort_name(const struct argp_option *option)
{
	return option->name ? option->name : "";
}

static int sort_letter(const struct argp_option *option)
{
	return tolower(argp_is_short(option->key) ? option->key : (unsigned char)sort_name(option)[0]);
}

/* Groups 0, 1, 2, ... and then the negative ones, the smallest first. */
static unsigned rank(int position)
{
	return position >= 0 ? (unsigned)position : 0x80000000u + (unsigned)(position & 0x7fffffff);
}

static int compare(const void *left, const void *right)
{
	const struct row *a = left;
	const struct row *b = right;

	if (rank(a->position) != rank(b->position))
		return rank(a->position) < rank(b->position) ? -1 : 1;
	if (is_header(a->option) || is_header(b->option))
		return is_header(b->option) == is_header(a->option) ? a->order - b->order : is_header(a->option) ? -1 : 1;
	if ((a->option->flags ^ b->option->flags) & OPTION_DOC)
		return a->option->flags & OPTION_DOC ? 1 : -1;
	if (sort_letter(a->option) != sort_letter(b->option))
		return sort_letter(a->option) - sort_letter(b->option);

	int names = strcmp(sort_name(a->option), sort_name(b->option));

	return names ? names : a->order - b->order;
}

static int add_rows(struct row *rows, int count, const struct argp_option *options, int base)
{
	int position = base;

	for (const struct argp_option *option = options; option && !argp_is_end(option) && count < max_rows; option++) {
		if (option->group)
			position = option->group;
		else if (is_header(option))
			position++;
		if (!(option->flags & (OPTION_ALIAS | OPTION_HIDDEN)))
			rows[count] = (struct row){ option, position, count }, count++;
	}
	return count;
}

/* `headers` get the rows that groups of children begin with. */
static int collect_rows(const struct argp *argp, struct argp_option *headers, struct row *rows)
{
	struct argp_group groups[argp_max_groups];
	int group_count = argp_collect_groups(argp, groups);
	int count = 0;

	for (int i = 0; i < group_count; i++) {
		headers[i] = (struct argp_option){ .doc = groups[i].header };
		if (groups[i].header && count < max_rows)
			rows[count] = (struct row){ &headers[i], groups[i].position, count }, count++;
		count = add_rows(rows, count, groups[i].argp->options, groups[i].position);
	}
	count = add_rows(rows, count, argp_standard_options(0), standard_position);
	qsort(rows, (size_t)count, sizeof(*rows), compare);
	return count;
}

static void name_with_argument(struct writer *writer, const struct argp_option *main, const char *prefix,
			       const char *name, int length, bool is_long)
{
	bool optional = main->flags & OPTION_ARG_OPTIONAL;

	writer->column += fprintf(writer->stream, "%s%.*s", prefix, length, name);
	if (main->arg && is_long)
		writer->column += fprintf(writer->stream, optional ? "[=%s]" : "=%s", main->arg);
	else if (main->arg)
		writer->column += fprintf(writer->stream, optional ? "[%s]" : " %s", main->arg);
}

/* The names of an option and of the aliases behind it, long or short ones. Returns true if there were any before. */
static bool names(struct writer *writer, const struct argp_option *main, bool is_long, bool is_first)
{
	bool has_long = false;

	for (const struct argp_option *o = main; o == main || (o->flags & OPTION_ALIAS); o++)
		has_long |= o->name && !(o->flags & OPTION_HIDDEN);
	for (const struct argp_option *o = main; o == main || (o->flags & OPTION_ALIAS); o++) {
		char letter = (char)o->key;

		if ((o->flags & OPTION_HIDDEN) || (is_long ? !o->name : !argp_is_short(o->key)))
			continue;
		if (is_first)
			pad(writer, is_long ? long_column : short_column);
		else
			writer->column += fprintf(writer->stream, ", ");
		is_first = false;
		if (main->flags & OPTION_DOC)
			writer->column += fprintf(writer->stream, "%s", o->name);
		else if (is_long)
			name_with_argument(writer, main, "--", o->name, (int)strlen(o->name), true);
		else if (has_long)
			writer->column += fprintf(writer->stream, "-%c", letter);
		else
			name_with_argument(writer, main, "-", &letter, 1, false);
	}
	return is_first;
}

static void print_row(FILE *stream, const struct argp_option *option)
{
	struct writer writer = { stream, 0 };

	if (is_header(option)) {
		fputc('\n', stream);
		if (option->doc && *option->doc) {
			pad(&writer, 1);
			paragraph(&writer, option->doc, strlen(option->doc), 1);
			fputc('\n', stream);
		}
		return;
	}

	bool is_first = option->flags & OPTION_DOC ? true : names(&writer, option, false, true);

	names(&writer, option, true, is_first);
	if (option->doc) {
		pad_to_doc(&writer);
		paragraph(&writer, option->doc, strlen(option->doc), doc_column);
	}
	fputc('\n', stream);
}

static void print_list(const struct argp *argp, FILE *stream)
{
	struct argp_option headers[argp_max_groups];
	struct row rows[max_rows];
	int count = collect_rows(argp, headers, rows);
	bool has_arguments = false;

	for (int i = 0; i < count; i++) {
		if (i && rows[i].position != rows[i - 1].position && !is_header(rows[i].option))
			if (rows[i].position != standard_position || rows[i - 1].position != 0)
				fputc('\n', stream);
		print_row(stream, rows[i].option);
		has_arguments |= rows[i].option->arg && rows[i].option->name && argp_is_short(rows[i].option->key);
	}
	if (has_arguments)
		fputs("\nMandatory or optional arguments to long options are also mandatory or optional\n"
		      "for any corresponding short options.\n",
		      stream);
}

/* ---- usage ---- */

static void usage_options(struct writer *writer, const struct row *rows, int count)
{
	char letters[max_rows + 4] = "[-";
	int length = 2;
	char text[256];

	for (int i = 0; i < count; i++)
		if (!is_header(rows[i].option) && argp_is_short(rows[i].option->key) && !rows[i].option->arg &&
		    !(rows[i].option->flags & (OPTION_DOC | OPTION_NO_USAGE)))
			letters[length++] = (char)rows[i].option->key;
	letters[length++] = ']';
	if (length > 3)
		word(writer, letters, length, usage_column);
	for (int i = 0; i < count; i++) {
		const struct argp_option *option = rows[i].option;
		bool optional = option->flags & OPTION_ARG_OPTIONAL;

		if (is_header(option) || (option->flags & (OPTION_DOC | OPTION_NO_USAGE)))
			continue;
		if (argp_is_short(option->key) && option->arg) {
			snprintf(text, sizeof(text), optional ? "[-%c[%s]]" : "[-%c %s]", option->key, option->arg);
			word(writer, text, (int)strlen(text), usage_column);
		}
	}
	for (int i = 0; i < count; i++) {
		const struct argp_option *main = rows[i].option;
		bool optional = main->flags & OPTION_ARG_OPTIONAL;

		if (is_header(main))
			continue;
		for (const struct argp_option *o = main; o == main || (o->flags & OPTION_ALIAS); o++) {
			if (!o->name || (o->flags & (OPTION_DOC | OPTION_NO_USAGE | OPTION_HIDDEN)))
				continue;
			snprintf(text, sizeof(text), !main->arg ? "[--%s]" : optional ? "[--%s[=%s]]" : "[--%s=%s]",
				 o->name, main->arg);
			word(writer, text, (int)strlen(text), usage_column);
		}
	}
}

static void print_usage(const struct argp *argp, FILE *stream, const char *name, bool is_short)
{
	struct argp_option headers[argp_max_groups];
	struct row rows[max_rows];
	int count = collect_rows(argp, headers, rows);
	const char *line = argp->args_doc ? argp->args_doc : "";
	const char *lead = "Usage:";

	do {
		struct writer writer = { stream, 0 };
		size_t length = strcspn(line, "\n");

		writer.column = fprintf(stream, "%s %s", lead, name);
		if (is_short)
			word(&writer, "[OPTION...]", 11, usage_column);
		else
			usage_options(&writer, rows, count);
		if (length)
			word(&writer, line, (int)length, usage_column);
		fputc('\n', stream);
		line += length + (line[length] == '\n');
		lead = "  or: ";
		is_short = true;
	} while (*line);
}

/* ---- documentation around the list ---- */

static void print_text(const struct argp *argp, FILE *stream, int key, const char *text, size_t length)
{
	struct writer writer = { stream, 0 };
	char *copy = text ? strndup(text, length) : NULL;
	char *shown = argp->help_filter ? argp->help_filter(key, copy, NULL) : copy;

	if (shown && *shown) {
		paragraph(&writer, shown, strlen(shown), 0);
		if (writer.column)
			fputc('\n', stream);
	}
	if (shown != copy)
		free(shown);
	free(copy);
}

static bool has_text(const char *text, size_t length)
{
	return text && length;
}

void argp_help(const struct argp *argp, FILE *stream, unsigned flags, char *name)
{
	const char *doc = argp->doc;
	size_t before = doc ? strcspn(doc, "\v") : 0;
	const char *after = doc && doc[before] ? doc + before + 1 : NULL;

	if (!stream)
		return;
	if (flags & (ARGP_HELP_USAGE | ARGP_HELP_SHORT_USAGE))
		print_usage(argp, stream, name, flags & ARGP_HELP_SHORT_USAGE);
	if (flags & ARGP_HELP_PRE_DOC)
		print_text(argp, stream, ARGP_KEY_HELP_PRE_DOC, doc, before);
	if (flags & ARGP_HELP_SEE)
		fprintf(stream, "Try `%s --help' or `%s --usage' for more information.\n", name, name);
	if (flags & ARGP_HELP_LONG) {
		if (has_text(doc, before) || (flags & (ARGP_HELP_USAGE | ARGP_HELP_SHORT_USAGE)))
			fputc('\n', stream);
		print_list(argp, stream);
	}
	if ((flags & ARGP_HELP_POST_DOC) && after) {
		fputc('\n', stream);
		print_text(argp, stream, ARGP_KEY_HELP_POST_DOC, after, strlen(after));
	}
	if ((flags & ARGP_HELP_BUG_ADDR) && argp_program_bug_address)
		fprintf(stream, "\nReport bugs to %s.\n", argp_program_bug_address);
}

void argp_state_help(const struct argp_state *state, FILE *stream, unsigned flags)
{
	if (state && (state->flags & ARGP_NO_ERRS))
		return;
	if (state)
		argp_help(state->root_argp, stream, flags, state->name);
	if (state && (state->flags & ARGP_NO_EXIT))
		return;
	if (flags & ARGP_HELP_EXIT_ERR)
		exit(argp_err_exit_status);
	if (flags & ARGP_HELP_EXIT_OK)
		exit(0);
}

void argp_usage(const struct argp_state *state)
{
	argp_state_help(state, stderr, ARGP_HELP_STD_USAGE);
}

/* ---- errors ---- */

static void print_message(const struct argp_state *state, FILE *stream, const char *format, va_list arguments)
{
	if (state)
		fprintf(stream, "%s: ", state->name);
	vfprintf(stream, format, arguments);
}

void argp_error(const struct argp_state *state, const char *format, ...)
{
	va_list arguments;

	if (state && (state->flags & ARGP_NO_ERRS))
		return;
	va_start(arguments, format);
	print_message(state, stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	argp_state_help(state, stderr, ARGP_HELP_STD_ERR);
}

void argp_failure(const struct argp_state *state, int status, int errnum, const char *format, ...)
{
	va_list arguments;

	if (state && (state->flags & ARGP_NO_ERRS))
		return;
	if (format) {
		va_start(arguments, format);
		print_message(state, stderr, format, arguments);
		va_end(arguments);
	} else if (state) {
		fprintf(stderr, "%s", state->name);
	}
	if (errnum)
		fprintf(stderr, ": %s", strerror(errnum));
	fputc('\n', stderr);
	if (status && !(state && (state->flags & ARGP_NO_EXIT)))
		exit(status);
}
