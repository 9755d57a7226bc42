/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the generated user part's library share. It is linked into every package without a user part, so
 * every kilobyte counts: no printf, no malloc, one output buffer.
 */
#ifndef ECC_UI_INTERNAL_H
#define ECC_UI_INTERNAL_H

#include <ecc/host.h>
#include <ecc/ui.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- output.c: buffered standard output ---- */

void out_char(char c);
void out_text(const char *text);
void out_bytes(const char *bytes, size_t length);
/* Blanks up to that column of the line, at least one unless the line is empty. */
void out_pad_to(uint32_t column);
void out_flush(void);

enum out_state {
	OUT_OPEN,
	OUT_CLOSED, /* the reader went away: end quietly */
	OUT_FAILED,
	OUT_FULL, /* failed for lack of space */
};
enum out_state out_state(void);

/* Writes one line to standard error: the parts up to NULL. */
void say(const char *part, ...) __attribute__((sentinel));
void say_part(const char *text);

/* ---- numbers.c ---- */

enum { number_size = 48 };

/* Each writes to `text`, number_size bytes with a terminating NUL, and returns the first character. */
const char *format_unsigned(uint64_t value, char *text);
const char *format_signed(int64_t value, char *text);
const char *format_hex(uint64_t value, char *text); /* 0x… */
/* Decimal or 0x…, with `*negative` set by a leading '-'. False: not a number, or beyond 64 bits. */
bool parse_number(const char *text, uint64_t *value, bool *negative);

/* ---- value.c: one field of a record as text ---- */

enum style {
	STYLE_TABLE,
	STYLE_JSON,
};

/* Where the values are: a record, or a record in a record. Bytes past `size` read as zero. */
struct place {
	const uint8_t *data;
	uint32_t size;
	uint32_t offset_bits;
};

uint64_t load_bits(struct place at, uint32_t bits);
int64_t sign_extend(uint64_t value, uint32_t bits);
/* Writes a number to `text` (number_size bytes); NULL if the field is no number. */
const char *format_number(const struct ecc_ui_field *field, struct place at, char *text);
void put_field(const struct ecc_ui_field *field, struct place at, enum style style);
/* {"name":value,…}; `name` adds a first member "record", unless it is NULL. */
void put_object(const struct ecc_ui_record *record, struct place at, const char *name);

/* ---- text.c ---- */

/* Up to the first NUL. JSON: escaped, in quotes, with U+FFFD for bytes that are not UTF-8; table: control characters
 * and such bytes as \xNN, so that a file's name cannot command the terminal. */
void put_text(const uint8_t *text, uint32_t size, enum style style);
void put_hex_bytes(const uint8_t *bytes, uint32_t size);

/* ---- table.c ---- */

/* `name_width` is the width of the first column with the record's name, 0 for none. */
void put_heading(const struct ecc_ui_record *record, uint32_t name_width);
void put_row(const struct ecc_ui_record *record, const uint8_t *data, uint32_t size, uint32_t name_width);

/* ---- records.c ---- */

struct printer {
	const struct ecc_ui_program *program;
	bool json;
	bool names_records; /* there are several kinds */
	uint32_t name_width;
	uint64_t skipped;
	uint64_t lost;
};

void printer_init(struct printer *printer, const struct ecc_ui_program *program, bool json);
void print_record(struct printer *printer, const struct ecc_ui_stream *stream, const uint8_t *data, uint32_t size);
/* After the last output: the exit status. `err` is 0 or a negative number. */
int finish(const struct printer *printer, int err);

/* ---- streams.c ---- */

struct source {
	const struct ecc_ui_stream *stream;
	const uint8_t *window;
	ecc_handle_t map;
	uint32_t consumed; /* ring buffers: bytes printed and not yet given back */
};

struct ecc_ui_reader {
	/* Sets the window. Says what is wrong and returns a negative number. */
	int (*open)(const struct ecc_ui_program *program, struct source *source, uint32_t max_entries);
	/* Prints the records that are there, or that come within the time (-1: for ever). Returns whether there were
	 * any, or -errno. */
	int (*drain)(struct printer *printer, struct source *source, int timeout_ms);
	uint32_t wait_kind; /* ECC_WAIT_... */
};

/* Prints until a signal, the end of the output or an error; returns the exit status. */
int run_streams(struct printer *printer, ecc_handle_t object);

/* ---- settings.c ---- */

/* Whether a flag can set it: others (records, floating point) are left out. */
bool is_settable(const struct ecc_ui_setting *setting);
/* Whether `length` bytes of `text` are that string. */
bool is_text(const char *expected, const char *text, size_t length);

/* Whether the word after the flag is its value: always, except for BOOL, which may stand alone. */
bool is_value(const struct ecc_ui_setting *setting, const char *text);
/* Reads `text` (NULL for a BOOL flag without a value) as the setting's value; false if it is none. */
bool parse_setting(const struct ecc_ui_setting *setting, const char *text, uint64_t *number);
/* "a number from 0 to 255": what parse_setting takes. Goes to `put`, piece by piece. */
void describe_setting(const struct ecc_ui_setting *setting, void (*put)(const char *));
/* Writes the value to the initial value of the setting's map. Returns 0 or Linux' -errno. */
int apply_setting(const struct ecc_ui_setting *setting, ecc_handle_t object, const char *text);
/* Puts the default value on the output; false if it cannot be read. */
bool put_default(const struct ecc_ui_setting *setting, ecc_handle_t object);

/* ---- arguments.c ---- */

struct arguments {
	bool json;
	bool help;
	int status; /* not 0: the command line is wrong, and that has been said */
};

/* Checks all arguments; with `object` not negative also applies the settings. */
struct arguments walk_arguments(const struct ecc_ui_program *program, int argc, char **argv, ecc_handle_t object);

/* ---- help.c ---- */

void put_help(const struct ecc_ui_program *program, ecc_handle_t object);

/* ---- kernel.c: the BPF side; each says what is wrong and returns a negative number ---- */

ecc_handle_t open_object(const struct ecc_ui_program *program);
/* A link; 0: nothing says where, and that has been said. */
ecc_handle_t attach_program(const struct ecc_ui_program *program, ecc_handle_t object, const char *name);
int load_and_attach(const struct ecc_ui_program *program, ecc_handle_t object);
void say_error(const struct ecc_ui_program *program, const char *what, const char *name, int host_result);

/* ---- memory.c ---- */

/* Whole 64 KiB pages at the end of memory, zeroed and never given back; NULL if there is no more. */
void *new_pages(uint64_t size);

#endif /* ECC_UI_INTERNAL_H */
