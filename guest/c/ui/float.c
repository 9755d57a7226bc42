/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ui.h"

/* No string: all strings are merged into one piece, which a package without floating point would keep. */
static const char zeros[6] = {'0', '.', '0', '0', '0', '0'};

static double power_of_ten(int exponent)
{
	double power = 1;

	for (; exponent > 0; exponent--)
		power *= 10;
	return power;
}

/* value * 10^exponent, in steps of which no power is infinite. */
static double scale(double value, int exponent)
{
	for (; exponent > 300; exponent -= 300)
		value *= 1e300;
	for (; exponent < -300; exponent += 300)
		value /= 1e300;
	return exponent < 0 ? value / power_of_ten(-exponent) : value * power_of_ten(exponent);
}

/* The decimal exponent of a positive number: 1 <= value / 10^result < 10, but for rounding. */
static int decimal_exponent(double value)
{
	int exponent = 0;

	for (; value >= 10; value /= 10)
		exponent++;
	for (; value < 1; value *= 10)
		exponent--;
	return exponent;
}

static bool is_same(double a, double b, bool is_32_bit)
{
	return is_32_bit ? (float)a == (float)b : a == b;
}

static char *append(char *at, const char *digits, int length)
{
	memcpy(at, digits, (size_t)length);
	return at + length;
}

/* mantissa * 10^exponent as 125, 1.25, 0.0125 or, where that would be long, 125e-9. */
static const char *write_digits(uint64_t mantissa, int exponent, bool is_negative, char *text)
{
	char buffer[number_size];
	const char *digits = format_unsigned(mantissa, buffer);
	int length = (int)strlen(digits);
	int whole = length + exponent; /* digits before the point */
	char *at = text;

	if (is_negative)
		*at++ = '-';
	if (exponent >= 0 || whole < -4) {
		at = append(at, digits, length);
		if (exponent) {
			*at++ = 'e';
			digits = format_signed(exponent, buffer);
			at = append(at, digits, (int)strlen(digits));
		}
	} else if (whole > 0) {
		at = append(at, digits, whole);
		*at++ = '.';
		at = append(at, digits + whole, -exponent);
	} else {
			at = append(at, zeros, 2 - whole);
			at = append(at, digits, length);
	}
	*at = '\0';
	return text;
}

/* The fewest digits that read back as the same number (as far as double arithmetic can tell), in the form 12e-3. */
static const char *format_float(double value, bool is_32_bit, char *text)
{
	int digits = is_32_bit ? 6 : 15;
	int most = is_32_bit ? 9 : 17;
	double magnitude = value < 0 ? -value : value;

	if (magnitude == 0)
		return "0";
	if (!(magnitude <= __DBL_MAX__))
		return NULL;

	int exponent = decimal_exponent(magnitude) + 1 - digits;
	uint64_t mantissa = (uint64_t)(scale(magnitude, -exponent) + 0.5);

	while (digits++ < most && !is_same(scale((double)mantissa, exponent), magnitude, is_32_bit))
		mantissa = (uint64_t)(scale(magnitude, -(--exponent)) + 0.5);
	for (; mantissa % 10 == 0; mantissa /= 10)
		exponent++;
	for (; exponent > 0 && mantissa < 1000000; exponent--)
		mantissa *= 10;

	return write_digits(mantissa, exponent, value < 0, text);
}

const char *ecc_ui_format_float(const struct ecc_ui_field *field, const struct place *at, char *text)
{
	float single;
	double twice;
	uint64_t value = load_bits(*at, field->size_bits);
	uint32_t low = (uint32_t)value;

	if (field->size_bits == 32) {
		memcpy(&single, &low, sizeof(single));
		return format_float(single, true, text);
	}
	memcpy(&twice, &value, sizeof(twice));
	return format_float(twice, false, text);
}
