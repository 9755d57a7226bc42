/* SPDX-License-Identifier: Apache-2.0 */
/* --NAME VALUE, --NAME=VALUE, -s VALUE, -sVALUE; --NAME alone for a BOOL. */
#include <string.h>

#include "ui.h"

enum { usage_status = 2, kernel_status = 1 };

/* One argument, with what follows an '='. */
struct flag {
	const char *name; /* without dashes */
	size_t length;
	bool is_long;
	const char *value; /* or NULL */
};

static bool read_flag(const char *argument, struct flag *flag)
{
	const char *end;

	if (argument[0] != '-' || !argument[1])
		return false;
	flag->is_long = argument[1] == '-';
	flag->name = argument + 1 + flag->is_long;
	for (end = flag->name; *end && *end != '='; end++)
		;
	flag->length = (size_t)(end - flag->name);
	flag->value = *end ? end + 1 : NULL;
	return flag->length != 0;
}

static bool is_named(const struct flag *flag, const char *long_name, const char *short_name)
{
	const char *name = flag->is_long ? long_name : short_name;

	return name && is_text(name, flag->name, flag->length);
}

/* "-p1" for "-p=1" where -p takes a value. */
static bool has_attached_value(const struct ecc_ui_setting *setting, const struct flag *flag)
{
	const char *name = setting->short_flag;

	return !flag->is_long && name && flag->length > 1 && flag->name[0] == *name &&
	       setting->kind != ECC_UI_BOOL;
}

static const struct ecc_ui_setting *find_setting(const struct ecc_ui_program *program, struct flag *flag)
{
	for (uint32_t i = 0; i < program->setting_count; i++) {
		if (!is_settable(&program->settings[i]) || !has_attached_value(&program->settings[i], flag))
			continue;
		flag->value = flag->name + 1;
		flag->length = 1;
	}
	for (uint32_t i = 0; i < program->setting_count; i++)
		if (is_settable(&program->settings[i]) &&
		    is_named(flag, program->settings[i].flag, program->settings[i].short_flag))
			return &program->settings[i];
	return NULL;
}

static int wrong(const struct ecc_ui_program *program, const char *argument, const char *what)
{
	say(program->name, ": ", argument, ": ", what, "; --help lists the flags", NULL);
	return usage_status;
}

static int take_setting(const struct ecc_ui_program *program, const struct ecc_ui_setting *setting, const char *value,
			ecc_handle_t object)
{
	uint64_t number;

	if (!parse_setting(setting, value, &number)) {
		say_part(program->name);
		say_part(": --");
		say_part(setting->flag);
		say_part(": takes ");
		describe_setting(setting, say_part);
		say(value ? ", not '" : ": no value given", value ? value : "", value ? "'" : "",
		    "; --help lists the flags", NULL);
		return usage_status;
	}

	int err = object < 0 ? 0 : apply_setting(setting, object, value);

	if (err < 0) {
		say_error(program, "cannot set", setting->name, err);
		return kernel_status;
	}
	return 0;
}

struct arguments walk_arguments(const struct ecc_ui_program *program, int argc, char **argv, ecc_handle_t object)
{
	struct arguments result = { 0 };
	struct flag flag;

	for (int i = 1; i < argc && !result.status; i++) {
		const char *argument = argv[i];
		const struct ecc_ui_setting *setting;

		if (!read_flag(argument, &flag)) {
			result.status = wrong(program, argument, "takes no arguments besides flags");
		} else if (is_named(&flag, "help", "h") && !flag.value) {
			result.help = true;
			return result;
		} else if (is_named(&flag, "json", NULL) && !flag.value) {
			result.json = true;
		} else if (!(setting = find_setting(program, &flag))) {
			result.status = wrong(program, argument, "unknown flag");
		} else {
			if (!flag.value && i + 1 < argc && is_value(setting, argv[i + 1]))
				flag.value = argv[++i];
			result.status = take_setting(program, setting, flag.value, object);
		}
	}
	return result;
}
