/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user part that `ecc` generates when nobody wrote one: tables of what the BPF program has (this header), and one
 * small library that prints records and takes flags from them. The tables are rendered from
 * templates/c/default_program.c.mustache; the library is guest/c/ui.
 */
#ifndef ECC_UI_H
#define ECC_UI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ecc_ui_kind {
	ECC_UI_UNSIGNED,
	ECC_UI_SIGNED,
	ECC_UI_BOOL,
	ECC_UI_FLOAT,   /* 32 or 64 bits */
	ECC_UI_WIDE,    /* an integer of a 128-bit type */
	ECC_UI_ADDRESS, /* a pointer: printed in hexadecimal */
	ECC_UI_ENUM,
	ECC_UI_TEXT,   /* array of char: printed up to its first NUL */
	ECC_UI_BYTES,  /* what has no better form: printed as hexadecimal digits */
	ECC_UI_RECORD, /* a struct or union inside */
};

struct ecc_ui_enumerator {
	const char *name;
	uint64_t value; /* sign-extended */
};

struct ecc_ui_record;

struct ecc_ui_field;
struct place;

/* The text of a number, NULL if it is not finite. Named by the fields that need it, so that no other program links it. */
typedef const char *ecc_ui_number_format(const struct ecc_ui_field *field, const struct place *at, char *text);
ecc_ui_number_format ecc_ui_format_float; /* of 32 or 64 bits: the shortest that reads back as the same */
ecc_ui_number_format ecc_ui_format_wide;  /* integers that 64 bits do not hold */

struct ecc_ui_field {
	const char *name;
	uint32_t offset_bits; /* from the start of the record that the field is in */
	uint32_t size_bits;   /* of one element (TEXT and BYTES: of the whole; 0: up to the end of the record) */
	uint8_t kind;         /* enum ecc_ui_kind */
	uint8_t is_signed;    /* ENUM, WIDE: its values are signed */
	uint32_t count;       /* 0: not an array; else elements, each size_bits apart, as far as the record goes */
	union {
		const struct ecc_ui_record *record;          /* RECORD */
		const struct ecc_ui_enumerator *enumerators; /* ENUM */
		ecc_ui_number_format *format;                /* FLOAT, WIDE */
	};
	uint32_t enumerator_count; /* ENUM */
};

struct ecc_ui_record {
	const char *name; /* "event"; "rb.event" where several maps carry records of that name */
	uint32_t size;    /* bytes */
	const struct ecc_ui_field *fields;
	uint16_t field_count;
	uint8_t has_open_end; /* records may be longer: the last field goes to their end */
};

/* How a kind of buffer is read. Named by the streams of that kind, so that only programs with such streams link it. */
struct ecc_ui_reader;
extern const struct ecc_ui_reader ecc_ui_ring_reader;
extern const struct ecc_ui_reader ecc_ui_perf_reader;

struct ecc_ui_stream;
struct printer;

/*
 * Prints a record as each type that it may be of, or as bytes if there is none. Named by the streams whose sizes do not
 * tell the records apart, or whose types are not all known, so that only they link it.
 */
typedef void ecc_ui_candidates_print(const struct printer *printer, const struct ecc_ui_stream *stream,
				     const uint8_t *data, uint32_t size);
ecc_ui_candidates_print ecc_ui_print_candidates;

struct ecc_ui_stream { /* a ring buffer or a perf buffer */
	const char *map;
	const struct ecc_ui_reader *reader;
	const struct ecc_ui_record *const *records; /* what it carries; a record is told by its size */
	uint32_t record_count;
	ecc_ui_candidates_print *print_candidates; /* ecc_ui_print_candidates, or NULL: sizes tell the records apart */
	uint8_t varies;                            /* records may end before their type does */
};

struct ecc_ui_setting { /* a `const volatile` global */
	const char *name;
	const char *flag;       /* "min-duration-ns": --min-duration-ns VALUE; BOOL: --flag or --flag=false */
	const char *short_flag; /* "d" or NULL */
	const char *help;       /* or NULL */
	const char *map;        /* "opensnoo.rodata" */
	uint32_t offset;
	uint32_t size_bits;
	uint8_t kind; /* UNSIGNED, SIGNED, BOOL, ENUM, TEXT; others cannot be set */
	const struct ecc_ui_enumerator *enumerators;
	uint32_t enumerator_count;
};

struct ecc_ui_program;

/*
 * Attaches and reads the iterators of an object and prints their text: lines as they are, or with `json` an object with
 * the members "iterator" and "line" for each; what is no text as hexadecimal digits, "bytes" in JSON. Returns the exit status, or -1 to go on with what else is attached. Named
 * by the programs that have iterators, so that only they link it.
 */
typedef int ecc_ui_iterator_print(const struct ecc_ui_program *program, int32_t object, int json);
ecc_ui_iterator_print ecc_ui_print_iterators;

struct ecc_ui_program {
	const char *name;        /* "opensnoop" */
	const char *description; /* or NULL */
	const char *object;      /* the name for ecc_object_open: "opensnoop_bpf" */
	const char *const *programs; /* names of the BPF programs that are loaded */
	uint32_t program_count;
	const struct ecc_ui_stream *streams;
	uint32_t stream_count;
	const struct ecc_ui_setting *settings;
	uint32_t setting_count;
	const char *const *iterators; /* names of the BPF programs that write text: SEC("iter/...") */
	uint32_t iterator_count;
	ecc_ui_iterator_print *print_iterators; /* ecc_ui_print_iterators, or NULL without iterators */
};

/*
 * Parses the flags (--help, --json, and one per setting), loads, attaches and prints records until a signal: a table,
 * or with --json one object per line. If there are but iterators it ends with them. Returns the exit status: 0, 1 if the kernel part failed, 2 for the command line.
 */
int ecc_ui_main(const struct ecc_ui_program *program, int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif /* ECC_UI_H */
