/* SPDX-License-Identifier: Apache-2.0 */
/* Names what a generated program calls or refers to, so that linking default_program.o beforehand brings it
 * along. Linking a package drops this again, and with it what that package does not name itself. */

#include <ecc/ui.h>

int ecc_default_program_root(const struct ecc_ui_program *program, int argc, char **argv);
ecc_ui_number_format ecc_default_program_float, ecc_default_program_wide;
ecc_ui_iterator_print ecc_default_program_iterators;
ecc_ui_candidates_print ecc_default_program_candidates;
extern const struct ecc_ui_reader *const ecc_default_program_readers[2];

int ecc_default_program_root(const struct ecc_ui_program *program, int argc, char **argv)
{
	return ecc_ui_main(program, argc, argv);
}

const char *ecc_default_program_float(const struct ecc_ui_field *field, const struct place *at, char *text)
{
	return ecc_ui_format_float(field, at, text);
}

const char *ecc_default_program_wide(const struct ecc_ui_field *field, const struct place *at, char *text)
{
	return ecc_ui_format_wide(field, at, text);
}

int ecc_default_program_iterators(const struct ecc_ui_program *program, int32_t object, int json)
{
	return ecc_ui_print_iterators(program, object, json);
}

const struct ecc_ui_reader *const ecc_default_program_readers[] = {
	&ecc_ui_ring_reader,
	&ecc_ui_perf_reader,
};

void ecc_default_program_candidates(const struct printer *printer, const struct ecc_ui_stream *stream,
				    const uint8_t *data, uint32_t size)
{
	ecc_ui_print_candidates(printer, stream, data, size);
}
