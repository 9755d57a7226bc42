/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ui.h"

/* Linux' numbers that the host interface returns most. */
static const struct {
	int number;
	const char *text;
} errors[] = {
	{ 1, "not permitted" },
	{ 2, "not found" },
	{ 12, "no memory" },
	{ 13, "permission denied" },
	{ 16, "busy" },
	{ 22, "invalid argument" },
	{ 95, "not supported here" },
};

void say_error(const struct ecc_ui_program *program, const char *what, const char *name, int host_result)
{
	char text[number_size];
	const char *reason = "";

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == -host_result)
			reason = errors[i].text;
	say(program->name, ": ", what, " '", name, "': error ", format_signed(-(int64_t)host_result, text),
	    *reason ? ", " : "", reason, NULL);
}

ecc_handle_t open_object(const struct ecc_ui_program *program)
{
	struct ecc_object_opts opts = { .size = sizeof(opts) };

	return ecc_object_open(program->object, strlen(program->object), &opts);
}

enum { not_supported = 95 };

ecc_handle_t attach_program(const struct ecc_ui_program *program, ecc_handle_t object, const char *name)
{
	struct ecc_attach_opts opts = { .size = sizeof(opts), .kind = ECC_ATTACH_SECTION };
	ecc_handle_t bpf_program = ecc_program_find(object, name, strlen(name));
	int err = bpf_program < 0 ? bpf_program : ecc_program_attach(bpf_program, &opts);

	if (err == -not_supported) {
		say(program->name, ": program '", name, "' is not attached: its section does not say where; --set ", name,
		    ".target=... does (ecc-run --help)", NULL);
		return 0;
	}
	if (err < 0)
		say_error(program, "cannot attach program", name, err);
	return err;
}

int load_and_attach(const struct ecc_ui_program *program, ecc_handle_t object)
{
	int err = ecc_object_load(object);

	if (err < 0) {
		say_error(program, "cannot load", program->object, err);
		return err;
	}

	bool is_attached = false;

	for (uint32_t i = 0; i < program->program_count && err >= 0; i++) {
		err = attach_program(program, object, program->programs[i]);
		is_attached = is_attached || err > 0;
	}
	return err < 0 ? err : is_attached || !program->program_count ? 0 : -not_supported;
}
