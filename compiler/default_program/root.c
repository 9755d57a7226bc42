/* SPDX-License-Identifier: Apache-2.0 */
/* Names what a generated program calls, so that linking default_program.o beforehand brings it along; dropped again
 * when a package is linked. */

#include <ecc/ui.h>

int ecc_default_program_root(const struct ecc_ui_program *program, int argc, char **argv);

int ecc_default_program_root(const struct ecc_ui_program *program, int argc, char **argv)
{
	return ecc_ui_main(program, argc, argv);
}
