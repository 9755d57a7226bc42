/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ECC_ARGP_INTERNAL_H
#define ECC_ARGP_INTERNAL_H

#include <argp.h>
#include <stdbool.h>

/* Parsers with those that they contain, parents first. */
enum { argp_max_groups = 16 };

struct argp_group {
	const struct argp *argp;
	int parent;          /* index, -1 for the root */
	int child;           /* which child of the parent */
	const char *header;  /* of the parent's argp_child */
	int position;        /* its `group`, or 0 */
	void *input;
	void *hook;
	void *child_inputs[argp_max_groups];
	unsigned args;       /* ARGP_KEY_ARG that it took */
};

/* Returns how many there are; those beyond argp_max_groups are left out. */
int argp_collect_groups(const struct argp *argp, struct argp_group *groups);

/* --help, --usage and --version, as far as `flags` and argp_program_version* want them. */
const struct argp_option *argp_standard_options(unsigned flags);

enum {
	ARGP_KEY_STANDARD_HELP = '?',
	ARGP_KEY_STANDARD_USAGE = -3,
	ARGP_KEY_STANDARD_VERSION = 'V',
};

static inline bool argp_is_end(const struct argp_option *option)
{
	return !option->name && !option->key && !option->doc && !option->group;
}

static inline bool argp_is_short(int key)
{
	return key > ' ' && key < 127;
}

#endif /* ECC_ARGP_INTERNAL_H */
