/* SPDX-License-Identifier: Apache-2.0 */
#include "ui.h"

enum { limb_count = 4 };

/* Leaves the quotient in `limbs`, the lowest first, and returns the remainder. The compiler's own division of 128 bits
 * would be larger than the rest of this file. */
static uint32_t divide_by_ten(uint32_t *limbs)
{
	uint64_t rest = 0;

	for (int i = limb_count; i--;) {
		rest = rest << 32 | limbs[i];
		limbs[i] = (uint32_t)(rest / 10);
		rest %= 10;
	}
	return (uint32_t)rest;
}

static const char *format_halves(uint64_t low, uint64_t high, char *text)
{
	uint32_t limbs[limb_count] = { (uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high, (uint32_t)(high >> 32) };
	char *at = text + number_size - 1;

	*at = '\0';
	do
		*--at = (char)('0' + divide_by_ten(limbs));
	while (limbs[0] | limbs[1] | limbs[2] | limbs[3]);
	return at;
}

const char *ecc_ui_format_wide(const struct ecc_ui_field *field, const struct place *at, char *text)
{
	uint32_t high_bits = field->size_bits > 64 ? field->size_bits - 64 : 0;
	struct place high_at = { at->data, at->size, at->offset_bits + 64 };
	uint64_t low = load_bits(*at, field->size_bits);
	uint64_t high = load_bits(high_at, high_bits);
	char *first;

	if (field->is_signed) {
		low = (uint64_t)sign_extend(low, field->size_bits);
		high = high_bits ? (uint64_t)sign_extend(high, high_bits) : (uint64_t)((int64_t)low >> 63);
	}
	if (!field->is_signed || !(high >> 63))
		return format_halves(low, high, text);
	first = (char *)format_halves(-low, ~high + !low, text);
	*--first = '-';
	return first;
}
