/* SPDX-License-Identifier: Apache-2.0 */
/* argp_parse(): finds out which words are options and hands each to the parser that declares it. */
#include <stdlib.h>
#include <string.h>

#include "argp_internal.h"

/* Programs define what they want of these. */
__attribute__((weak)) const char *argp_program_version;
__attribute__((weak)) void (*argp_program_version_hook)(FILE *stream, struct argp_state *state);
__attribute__((weak)) const char *argp_program_bug_address;
__attribute__((weak)) error_t argp_err_exit_status = 64;

struct parse {
	struct argp_state state;
	struct argp_group groups[argp_max_groups];
	int group_count;
	int arg_start; /* words from here on are arguments, in their order */
};

/* An option and who declares it; group -1: argp itself. */
struct found {
	const struct argp_option *option;
	int group;
};

static int collect(const struct argp *argp, struct argp_group *groups, int count, int parent, int child,
		   const char *header, int position)
{
	if (count == argp_max_groups)
		return count;
	groups[count] = (struct argp_group){
		.argp = argp, .parent = parent, .child = child, .header = header, .position = position
	};

	int self = count++;

	for (int i = 0; argp->children && argp->children[i].argp && i < argp_max_groups; i++)
		count = collect(argp->children[i].argp, groups, count, self, i, argp->children[i].header,
				argp->children[i].group);
	return count;
}

int argp_collect_groups(const struct argp *argp, struct argp_group *groups)
{
	return collect(argp, groups, 0, -1, 0, NULL, 0);
}

const struct argp_option *argp_standard_options(unsigned flags)
{
	static const struct argp_option help[] = {
		{ "help", ARGP_KEY_STANDARD_HELP, NULL, 0, "Give this help list", -1 },
		{ "usage", ARGP_KEY_STANDARD_USAGE, NULL, 0, "Give a short usage message", 0 },
		{ "version", ARGP_KEY_STANDARD_VERSION, NULL, 0, "Print program version", -1 },
		{ 0 },
	};
	static const struct argp_option help_only[] = {
		{ "help", ARGP_KEY_STANDARD_HELP, NULL, 0, "Give this help list", -1 },
		{ "usage", ARGP_KEY_STANDARD_USAGE, NULL, 0, "Give a short usage message", 0 },
		{ 0 },
	};
	static const struct argp_option none[] = { { 0 } };

	if (flags & ARGP_NO_HELP)
		return none;
	return argp_program_version || argp_program_version_hook ? help : help_only;
}

static error_t call(struct parse *parse, int index, int key, char *arg)
{
	struct argp_group *group = &parse->groups[index];

	if (!group->argp->parser)
		return ARGP_ERR_UNKNOWN;
	parse->state.input = group->input;
	parse->state.hook = group->hook;
	parse->state.child_inputs = group->child_inputs;
	parse->state.arg_num = group->args;

	error_t err = group->argp->parser(key, arg, &parse->state);

	group->hook = parse->state.hook;
	return err;
}

/* Unknown keys are no error here. */
static error_t call_all(struct parse *parse, int key, bool backwards)
{
	for (int i = 0; i < parse->group_count; i++) {
		error_t err = call(parse, backwards ? parse->group_count - 1 - i : i, key, NULL);

		if (err && err != ARGP_ERR_UNKNOWN)
			return err;
	}
	return 0;
}

static error_t initialize(struct parse *parse, void *input)
{
	for (int i = 0; i < parse->group_count; i++) {
		struct argp_group *group = &parse->groups[i];

		group->input = group->parent < 0 ? input : parse->groups[group->parent].child_inputs[group->child];

		error_t err = call(parse, i, ARGP_KEY_INIT, NULL);

		if (err && err != ARGP_ERR_UNKNOWN)
			return err;
	}
	return 0;
}

/* ---- which option a word means ---- */

/* The option that an alias is a name of. */
static const struct argp_option *behind_alias(const struct argp_option *first, const struct argp_option *option)
{
	while (option > first && (option->flags & OPTION_ALIAS))
		option--;
	return option;
}

static bool is_option(const struct argp_option *option)
{
	return !(option->flags & OPTION_DOC) && (option->name || argp_is_short(option->key));
}

typedef bool (*matcher_t)(const struct argp_option *option, const char *word, size_t length);

static bool matches_short(const struct argp_option *option, const char *word, size_t length)
{
	(void)length;
	return argp_is_short(option->key) && option->key == (unsigned char)*word;
}

static bool matches_long(const struct argp_option *option, const char *word, size_t length)
{
	return option->name && strlen(option->name) == length && !strncmp(option->name, word, length);
}

static bool starts_long(const struct argp_option *option, const char *word, size_t length)
{
	return option->name && !strncmp(option->name, word, length);
}

/* How many options match; `found` is the first. */
static int find_in(const struct argp_option *options, int group, matcher_t matches, const char *word, size_t length,
		   struct found *found)
{
	int count = 0;

	for (const struct argp_option *option = options; option && !argp_is_end(option); option++) {
		if (!is_option(option) || !matches(option, word, length))
			continue;
		if (!count++ && !found->option)
			*found = (struct found){ behind_alias(options, option), group };
	}
	return count;
}

static int find(const struct parse *parse, matcher_t matches, const char *word, size_t length, struct found *found)
{
	int count = 0;

	*found = (struct found){ NULL, -1 };
	for (int i = 0; i < parse->group_count; i++)
		count += find_in(parse->groups[i].argp->options, i, matches, word, length, found);
	if (!count || matches == starts_long)
		count += find_in(argp_standard_options(parse->state.flags), -1, matches, word, length, found);
	return count;
}

/* ---- options ---- */

static void print_version(struct parse *parse)
{
	if (argp_program_version_hook)
		argp_program_version_hook(parse->state.out_stream, &parse->state);
	else
		fprintf(parse->state.out_stream, "%s\n", argp_program_version);
	if (!(parse->state.flags & ARGP_NO_EXIT))
		exit(0);
}

static error_t standard_option(struct parse *parse, int key)
{
	struct argp_state *state = &parse->state;

	if (key == ARGP_KEY_STANDARD_VERSION)
		print_version(parse);
	else
		argp_state_help(state, state->out_stream,
				key == ARGP_KEY_STANDARD_HELP ? ARGP_HELP_STD_HELP
							      : ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
	return 0;
}

static error_t take(struct parse *parse, struct found found, char *arg)
{
	if (found.group < 0)
		return standard_option(parse, found.option->key);

	error_t err = call(parse, found.group, found.option->key, arg);

	if (err == ARGP_ERR_UNKNOWN) {
		argp_error(&parse->state, "option '%s' is declared but not handled",
			   found.option->name ? found.option->name : "");
		return EINVAL;
	}
	return err;
}

static bool wants_argument(const struct argp_option *option)
{
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}

/* The word behind the option, or NULL. */
static char *next_word(struct parse *parse)
{
	return parse->state.next < parse->state.argc ? parse->state.argv[parse->state.next++] : NULL;
}

static error_t long_option(struct parse *parse, char *word, const char *dashes)
{
	size_t length = strcspn(word, "=");
	char *arg = word[length] ? word + length + 1 : NULL;
	struct found found;

	if (find(parse, matches_long, word, length, &found) == 0) {
		int count = find(parse, starts_long, word, length, &found);

		if (count != 1) {
			argp_error(&parse->state, count ? "option '%s%.*s' is ambiguous" : "unrecognized option '%s%.*s'",
				   dashes, (int)length, word);
			return EINVAL;
		}
	}
	if (arg && !found.option->arg) {
		argp_error(&parse->state, "option '%s%s' doesn't allow an argument", dashes, found.option->name);
		return EINVAL;
	}
	if (!arg && wants_argument(found.option)) {
		arg = next_word(parse);
		if (!arg) {
			argp_error(&parse->state, "option '%s%s' requires an argument", dashes, found.option->name);
			return EINVAL;
		}
	}
	return take(parse, found, arg);
}

static error_t short_options(struct parse *parse, char *word)
{
	for (char *c = word; *c; c++) {
		struct found found;
		char *arg = NULL;

		if (!find(parse, matches_short, c, 1, &found)) {
			argp_error(&parse->state, "invalid option -- '%c'", *c);
			return EINVAL;
		}
		if (found.option->arg) {
			arg = c[1] ? c + 1 : wants_argument(found.option) ? next_word(parse) : NULL;
			if (!arg && wants_argument(found.option)) {
				argp_error(&parse->state, "option requires an argument -- '%c'", *c);
				return EINVAL;
			}
		}

		error_t err = take(parse, found, arg);

		if (err || (arg && arg == c + 1))
			return err;
	}
	return 0;
}

static error_t option_word(struct parse *parse, char *word)
{
	if (word[1] == '-')
		return long_option(parse, word + 2, "--");
	if (parse->state.flags & ARGP_LONG_ONLY) {
		struct found found;

		if (find(parse, starts_long, word + 1, strcspn(word + 1, "="), &found) == 1)
			return long_option(parse, word + 1, "-");
	}
	return short_options(parse, word + 1);
}

/* ---- arguments ---- */

static error_t argument(struct parse *parse)
{
	struct argp_state *state = &parse->state;
	int index = state->next++;

	for (int i = 0; i < parse->group_count; i++) {
		error_t err = call(parse, i, ARGP_KEY_ARG, state->argv[index]);

		if (!err)
			parse->groups[i].args++;
		if (err != ARGP_ERR_UNKNOWN)
			return err;
	}
	state->next = index;
	for (int i = 0; i < parse->group_count; i++) {
		error_t err = call(parse, i, ARGP_KEY_ARGS, NULL);

		if (err != ARGP_ERR_UNKNOWN) {
			if (!err && state->next == index)
				state->next = state->argc;
			return err;
		}
	}
	return ARGP_ERR_UNKNOWN;
}

/* Moves the words [from, state->next) in front of the arguments that were passed over. */
static void put_before_arguments(struct parse *parse, int from)
{
	char **argv = parse->state.argv;

	for (int i = from; i < parse->state.next; i++, parse->arg_start++) {
		char *word = argv[i];

		memmove(&argv[parse->arg_start + 1], &argv[parse->arg_start],
			(size_t)(i - parse->arg_start) * sizeof(*argv));
		argv[parse->arg_start] = word;
	}
}

static error_t all_options(struct parse *parse)
{
	struct argp_state *state = &parse->state;

	while (state->next < state->argc && !state->quoted) {
		int from = state->next;
		char *word = state->argv[state->next++];
		error_t err = 0;

		if (word[0] != '-' || !word[1]) {
			if (!(state->flags & ARGP_IN_ORDER))
				continue;
			state->next = from;
			err = state->flags & ARGP_NO_ARGS ? ARGP_ERR_UNKNOWN : argument(parse);
			parse->arg_start = state->next;
		} else if (!strcmp(word, "--")) {
			put_before_arguments(parse, from);
			state->quoted = state->next;
		} else {
			err = option_word(parse, word);
			put_before_arguments(parse, from);
		}
		if (err)
			return err;
	}
	state->next = parse->arg_start;
	return 0;
}

static error_t all_arguments(struct parse *parse)
{
	struct argp_state *state = &parse->state;
	bool any = state->next < state->argc || parse->groups[0].args;

	while (state->next < state->argc && !(state->flags & ARGP_NO_ARGS)) {
		error_t err = argument(parse);

		if (err)
			return err;
	}
	if (!any) {
		error_t err = call_all(parse, ARGP_KEY_NO_ARGS, false);

		if (err)
			return err;
	}
	return call_all(parse, ARGP_KEY_END, true);
}

/* What a parser did not want: an error, unless the caller asked where parsing stopped. */
static error_t leftovers(struct parse *parse, error_t err, int *arg_index)
{
	if (arg_index)
		*arg_index = parse->state.next;
	if (err != ARGP_ERR_UNKNOWN)
		return err;
	if (arg_index)
		return 0;
	argp_error(&parse->state, "Too many arguments");
	return EINVAL;
}

static char *short_name(char *path)
{
	char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, int *arg_index, void *input)
{
	static char no_name[] = "program";
	struct parse parse = {
		.state = {
			.root_argp = argp,
			.argc = argc,
			.argv = argv,
			.next = flags & ARGP_PARSE_ARGV0 ? 0 : 1,
			.flags = flags,
			.name = argc > 0 && argv[0] ? short_name(argv[0]) : no_name,
			.err_stream = stderr,
			.out_stream = stdout,
		},
	};

	parse.state.pstate = &parse;
	parse.group_count = argp_collect_groups(argp, parse.groups);
	parse.arg_start = parse.state.next;

	error_t err = initialize(&parse, input);

	if (!err)
		err = all_options(&parse);
	if (!err)
		err = all_arguments(&parse);
	err = leftovers(&parse, err, arg_index);
	call_all(&parse, err ? ARGP_KEY_ERROR : ARGP_KEY_SUCCESS, true);
	call_all(&parse, ARGP_KEY_FINI, true);
	return err;
}
