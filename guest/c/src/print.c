/* SPDX-License-Identifier: Apache-2.0 */
/* A file of its own: only programs that set their own print function pay for vfprintf. */
#include "internal.h"

static int print_to_stderr(enum libbpf_print_level level, const char *format, va_list ap)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, ap);
}

libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
{
	libbpf_print_fn_t old = ecc_print;

	ecc_print = fn;
	return old == ecc_default_message ? print_to_stderr : old;
}
