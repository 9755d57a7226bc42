/* SPDX-License-Identifier: Apache-2.0 */
#include "ui.h"

enum { help_column = 30 };

static void put_flag(const char *short_flag, const char *flag, const char *value)
{
	if (short_flag) {
		out_text("  -");
		out_text(short_flag);
		out_text(", --");
	} else {
		out_text("      --");
	}
	out_text(flag);
	out_text(value);
	out_pad_to(help_column);
}

static void put_setting(const struct ecc_ui_setting *setting, ecc_handle_t object)
{
	put_flag(setting->short_flag, setting->flag, setting->kind == ECC_UI_BOOL ? "" : " VALUE");
	if (setting->help) {
		out_text(setting->help);
		out_char(' ');
	}
	out_char('(');
	describe_setting(setting, out_text);
	out_text("; default ");
	if (!put_default(setting, object))
		out_text("unknown");
	out_text(")\n");
}

void put_help(const struct ecc_ui_program *program, ecc_handle_t object)
{
	out_text("Usage: ");
	out_text(program->name);
	out_text(" [FLAG]...\n\n");
	if (program->description) {
		out_text(program->description);
		out_text("\n\n");
	}
	for (uint32_t i = 0; i < program->setting_count; i++)
		if (is_settable(&program->settings[i]))
			put_setting(&program->settings[i], object);
	if (program->stream_count || program->iterator_count) {
		put_flag(NULL, "json", "");
		out_text("Print one JSON object per line instead of a table\n");
	}
	put_flag("h", "help", "");
	out_text("Show this help\n");
	out_flush();
}
