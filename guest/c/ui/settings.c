/* SPDX-License-Identifier: Apache-2.0 */
/* `const volatile` globals as flags: their values in text, and in the map that holds them. */
#include <string.h>

#include "ui.h"

enum { linux_einval = 22, linux_enomem = 12 };

bool is_settable(const struct ecc_ui_setting *setting)
{
	switch (setting->kind) {
	case ECC_UI_UNSIGNED:
	case ECC_UI_SIGNED:
	case ECC_UI_BOOL:
	case ECC_UI_ENUM:
		return setting->size_bits > 0 && setting->size_bits <= 64;
	case ECC_UI_TEXT:
		return setting->size_bits > 0;
	default:
		return false;
	}
}

bool is_text(const char *expected, const char *text, size_t length)
{
	for (; length && *expected == *text; length--, text++)
		if (!*expected++)
			return false;
	return !length && !*expected;
}

static bool is_word(const char *expected, const char *text)
{
	return is_text(expected, text, strlen(text));
}

static bool parse_bool(const char *text, uint64_t *number)
{
	*number = !text || is_word("true", text) || is_word("1", text);
	return *number || is_word("false", text) || is_word("0", text);
}

bool is_value(const struct ecc_ui_setting *setting, const char *text)
{
	uint64_t number;

	return setting->kind != ECC_UI_BOOL || parse_bool(text, &number);
}

static uint64_t largest(uint32_t bits)
{
	return bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

static bool parse_in_range(const char *text, uint32_t bits, bool takes_negative, bool takes_upper_half,
			   uint64_t *number)
{
	bool negative;
	uint64_t half = UINT64_C(1) << (bits - 1);

	if (!parse_number(text, number, &negative))
		return false;
	if (negative) {
		bool fits = takes_negative && *number <= half;

		*number = -*number;
		return fits;
	}
	return *number <= (takes_upper_half ? largest(bits) : half - 1);
}

static bool parse_enum(const struct ecc_ui_setting *setting, const char *text, uint64_t *number)
{
	for (uint32_t i = 0; i < setting->enumerator_count; i++) {
		if (is_word(setting->enumerators[i].name, text)) {
			*number = setting->enumerators[i].value;
			return true;
		}
	}
	return parse_in_range(text, setting->size_bits, true, true, number);
}

bool parse_setting(const struct ecc_ui_setting *setting, const char *text, uint64_t *number)
{
	if (setting->kind == ECC_UI_BOOL)
		return parse_bool(text, number);
	if (!text)
		return false;
	if (setting->kind == ECC_UI_TEXT)
		return strlen(text) < setting->size_bits / 8;
	if (setting->kind == ECC_UI_ENUM)
		return parse_enum(setting, text, number);

	bool is_signed = setting->kind == ECC_UI_SIGNED;

	return parse_in_range(text, setting->size_bits, is_signed, !is_signed, number);
}

static void describe_numbers(const struct ecc_ui_setting *setting, void (*put)(const char *))
{
	bool is_signed = setting->kind == ECC_UI_SIGNED;
	uint64_t most = largest(setting->size_bits - is_signed);
	char text[number_size];

	put("a number from ");
	put(is_signed ? format_signed(-(int64_t)most - 1, text) : "0");
	put(" to ");
	put(format_unsigned(most, text));
}

void describe_setting(const struct ecc_ui_setting *setting, void (*put)(const char *))
{
	char text[number_size];

	switch (setting->kind) {
	case ECC_UI_BOOL:
		put("true or false");
		break;
	case ECC_UI_TEXT:
		put("text of at most ");
		put(format_unsigned(setting->size_bits / 8 - 1, text));
		put(" bytes");
		break;
	case ECC_UI_ENUM:
		for (uint32_t i = 0; i < setting->enumerator_count; i++) {
			put(i ? ", " : "one of ");
			put(setting->enumerators[i].name);
		}
		put(" or a number");
		break;
	default:
		describe_numbers(setting, put);
	}
}

/* The initial value of the setting's map, in memory that the next call uses again. */
struct section {
	ecc_handle_t map;
	uint8_t *bytes;
	uint32_t size;
};

static int read_section(const struct ecc_ui_setting *setting, ecc_handle_t object, struct section *section)
{
	static uint8_t *memory;
	static uint32_t memory_size;
	struct ecc_map_info info = { .size = sizeof(info) };
	int err = section->map = ecc_map_find(object, setting->map, strlen(setting->map));

	if (err >= 0)
		err = ecc_map_info(section->map, &info);
	if (err < 0)
		return err;
	if ((uint64_t)setting->offset + setting->size_bits / 8 > info.initial_bytes)
		return -linux_einval;
	if (info.initial_bytes > memory_size) {
		memory = new_pages(info.initial_bytes);
		memory_size = memory ? info.initial_bytes : 0;
	}
	if (!memory)
		return -linux_enomem;
	section->bytes = memory;
	section->size = info.initial_bytes;
	return ecc_map_get_initial(section->map, memory, info.initial_bytes);
}

int apply_setting(const struct ecc_ui_setting *setting, ecc_handle_t object, const char *text)
{
	struct section section;
	uint64_t number = 0;
	uint32_t size = setting->size_bits / 8;
	int err = read_section(setting, object, &section);

	if (err < 0)
		return err;
	if (!parse_setting(setting, text, &number))
		return -linux_einval;
	if (setting->kind == ECC_UI_TEXT) {
		memset(section.bytes + setting->offset, 0, size);
		memcpy(section.bytes + setting->offset, text, strlen(text));
	} else {
		memcpy(section.bytes + setting->offset, &number, size);
	}
	return ecc_map_set_initial(section.map, section.bytes, section.size);
}

bool put_default(const struct ecc_ui_setting *setting, ecc_handle_t object)
{
	struct section section;
	struct ecc_ui_field field = {
		.size_bits = setting->size_bits,
		.kind = setting->kind,
		.enumerators = setting->enumerators,
		.enumerator_count = setting->enumerator_count,
	};

	if (object < 0 || read_section(setting, object, &section) < 0)
		return false;

	struct place at = { section.bytes, section.size, setting->offset * 8 };

	/* Text in quotes: it may be empty. */
	put_field(&field, at, setting->kind == ECC_UI_TEXT ? STYLE_JSON : STYLE_TABLE);
	return true;
}
