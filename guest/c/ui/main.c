/* SPDX-License-Identifier: Apache-2.0 */
#include "ui.h"

enum { kernel_status = 1 };

static int run(const struct ecc_ui_program *program, const struct arguments *arguments, ecc_handle_t object)
{
	struct printer printer;

	if (load_and_attach(program, object) < 0)
		return kernel_status;
	printer_init(&printer, program, arguments->json);

	int status = program->print_iterators ? program->print_iterators(program, object, arguments->json) : -1;

	return status < 0 ? run_streams(&printer, object) : status;
}

int ecc_ui_main(const struct ecc_ui_program *program, int argc, char **argv)
{
	/* The command line is checked before anything is opened. */
	struct arguments arguments = walk_arguments(program, argc, argv, -1);

	if (arguments.status)
		return arguments.status;

	ecc_handle_t object = open_object(program);

	if (arguments.help) {
		put_help(program, object);
		return 0;
	}
	if (object < 0) {
		say_error(program, "cannot open", program->object, object);
		return kernel_status;
	}
	arguments = walk_arguments(program, argc, argv, object);
	return arguments.status ? arguments.status : run(program, &arguments, object);
}
