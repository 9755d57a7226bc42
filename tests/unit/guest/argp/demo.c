// SPDX-License-Identifier: Apache-2.0
// A program with most of what argp offers, built with glibc's argp and with ours: both must say the same.
#include <argp.h>
#include <stdlib.h>
#include <string.h>

const char *argp_program_version = "demo 1.0";
const char *argp_program_bug_address = "<bugs@example.org>";

static const struct argp_option child_options[] = {
	{ "depth", 'D', "N", 0, "How deep to look", 0 },
	{ 0 },
};

static error_t parse_child(int key, char *arg, struct argp_state *state)
{
	(void)state;
	if (key != 'D')
		return ARGP_ERR_UNKNOWN;
	printf("depth %s\n", arg);
	return 0;
}

static const struct argp child = { child_options, parse_child, 0, 0, 0, 0, 0 };
static const struct argp_child children[] = { { &child, 0, "Depth:", 3 }, { 0 } };

static const struct argp_option options[] = {
	{ "verbose", 'v', NULL, 0, "Verbose debug output", 0 },
	{ "pid", 'p', "PID", 0, "Trace this process only, and none of those that it starts or that share its name", 0 },
	{ "process", 0, NULL, OPTION_ALIAS, NULL, 0 },
	{ "colour", 'c', "WHEN", OPTION_ARG_OPTIONAL, "Colour the output", 0 },
	{ "a-very-long-name-of-an-option", 1000, "VALUE", 0, "With its text in the next line", 0 },
	{ "secret", 's', NULL, OPTION_HIDDEN, "Not shown", 0 },
	{ NULL, 0, NULL, 0, "Output:", 2 },
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ NULL, 'q', NULL, 0, "Print nothing", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'v':
	case 'c':
	case 's':
	case 'j':
	case 'q':
	case 1000:
		printf("option %d %s\n", key, arg ? arg : "-");
		return 0;
	case 'p':
		if (atoi(arg) <= 0)
			argp_error(state, "'%s' is not a process", arg);
		printf("pid %s\n", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (!strcmp(arg, "bad"))
			argp_usage(state);
		if (!strcmp(arg, "stop"))
			state->next = state->argc;
		if (!strcmp(arg, "fail"))
			argp_failure(state, 3, ENOENT, "cannot open %s", arg);
		if (state->arg_num >= 3)
			return ARGP_ERR_UNKNOWN;
		printf("argument %u %s%s\n", state->arg_num, arg, state->quoted ? " (quoted)" : "");
		return 0;
	case ARGP_KEY_NO_ARGS:
		printf("no arguments\n");
		return 0;
	case ARGP_KEY_END:
		printf("end\n");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	options,
	parse_option,
	"FILE...\nstop",
	"Looks at files.\n\nThis text is long enough that it has to be wrapped, because no line of a help text goes beyond "
	"the right margin of a terminal.\vExamples:\n  demo -v file   # one file\n",
	children,
	0,
	0,
};

int main(int argc, char **argv)
{
	static char name[] = "demo";

	argv[0] = name;
	printf("result %d\n", argp_parse(&argp, argc, argv, 0, NULL, NULL));
	return 0;
}
