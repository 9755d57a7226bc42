// How the generated user part writes records: guest/c/ui.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

extern "C" {
#include "guest/c/ui/ui.h"

#include <wasi/api.h>
}

namespace {

std::string output;

} // namespace

// The host that guest/c/ui/output.c writes to: it takes a few bytes at a time.
extern "C" __wasi_errno_t __wasi_fd_write(__wasi_fd_t, const __wasi_ciovec_t* vector, std::size_t,
                                          __wasi_size_t* written) {
    *written = std::min<__wasi_size_t>(vector->buf_len, 7);
    output.append(reinterpret_cast<const char*>(vector->buf), *written);
    return 0;
}

namespace ecc {
namespace {

using nlohmann::json;

/// Forgets the output, and in which column it ended.
void begin_line() {
    out_char('\n');
    out_flush();
    output.clear();
}

/// What was written since.
std::string written() {
    out_flush();
    return output;
}

std::string text_of(const std::string& bytes, style how) {
    begin_line();
    put_text(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()),
             how);
    return written();
}

std::string json_text(const std::string& bytes) {
    return json::parse(text_of(bytes, STYLE_JSON)).get<std::string>();
}

std::string number(std::uint64_t value) {
    char text[number_size];
    return format_unsigned(value, text);
}

std::string signed_number(std::int64_t value) {
    char text[number_size];
    return format_signed(value, text);
}

ecc_ui_field field(const char* name, std::uint32_t offset_bits, std::uint32_t size_bits, ecc_ui_kind kind) {
    ecc_ui_field result{};
    result.name = name;
    result.offset_bits = offset_bits;
    result.size_bits = size_bits;
    result.kind = static_cast<std::uint8_t>(kind);
    return result;
}

template <class Float> std::string text_of_float(Float value) {
    char text[number_size];
    const ecc_ui_field number = field("n", 0, 8 * sizeof value, ECC_UI_FLOAT);
    const place at{reinterpret_cast<const std::uint8_t*>(&value), sizeof value, 0};
    const char* result = ecc_ui_format_float(&number, &at, text);
    return result != nullptr ? result : "none";
}

std::string double_text(double value) {
    return text_of_float(value);
}

std::string float_text(float value) {
    return text_of_float(value);
}

template <class T> std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string object_text(const ecc_ui_record& record, const std::string& bytes, const char* name = nullptr) {
    begin_line();
    put_object(
        &record,
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()), 0},
        name);
    return written();
}

std::string row_text(const ecc_ui_record& record, const std::string& bytes) {
    begin_line();
    put_row(&record, reinterpret_cast<const std::uint8_t*>(bytes.data()),
            static_cast<std::uint32_t>(bytes.size()), 0);
    return written();
}

std::string heading_text(const ecc_ui_record& record) {
    begin_line();
    put_heading(&record, 0);
    return written();
}

template <std::size_t count>
ecc_ui_record record_of(const ecc_ui_field (&fields)[count], std::uint32_t size) {
    return {"record", size, fields, count};
}

TEST(UiNumbers, have_all_their_digits) {
    EXPECT_EQ(number(0), "0");
    EXPECT_EQ(number(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(signed_number(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    char text[number_size];
    EXPECT_STREQ(format_hex(std::numeric_limits<std::uint64_t>::max(), text), "0xffffffffffffffff");
}

/// The only member of a record, `bits` wide and not at a byte's beginning, as JSON shows it.
std::string wide_number(unsigned __int128 value, bool is_signed, std::uint32_t bits = 128) {
    ecc_ui_field fields[] = {field("n", 3, bits, ECC_UI_WIDE)};
    fields[0].is_signed = is_signed;
    fields[0].format = ecc_ui_format_wide;
    const std::string bytes = bytes_of(value << 3) + static_cast<char>(value >> 125);
    return object_text(record_of(fields, 17), bytes);
}

TEST(UiNumbers, of_128_bits_have_all_their_digits) {
    const auto lowest = static_cast<unsigned __int128>(1) << 127;
    EXPECT_EQ(wide_number(0, false), R"({"n":0})");
    EXPECT_EQ(wide_number(-1, false), R"({"n":340282366920938463463374607431768211455})");
    EXPECT_EQ(wide_number(-1, true), R"({"n":-1})");
    EXPECT_EQ(wide_number(lowest, true), R"({"n":-170141183460469231731687303715884105728})");
    EXPECT_EQ(wide_number(lowest - 1, true), R"({"n":170141183460469231731687303715884105727})");
    EXPECT_EQ(wide_number(static_cast<unsigned __int128>(1) << 64, true), R"({"n":18446744073709551616})");
}

TEST(UiNumbers, in_bitfields_of_a_128_bit_type_have_their_sign) {
    EXPECT_EQ(wide_number(0x1f, true, 5), R"({"n":-1})");
    EXPECT_EQ(wide_number(0x1f, false, 5), R"({"n":31})");
    EXPECT_EQ(wide_number(-1, true, 64), R"({"n":-1})");
    EXPECT_EQ(wide_number(-2, true, 65), R"({"n":-2})");
    EXPECT_EQ(wide_number(static_cast<unsigned __int128>(1) << 65, true, 66),
              R"({"n":-36893488147419103232})");
}

TEST(UiNumbers, are_read_with_their_sign_and_base) {
    std::uint64_t value = 0;
    bool negative = false;
    EXPECT_TRUE(parse_number("18446744073709551615", &value, &negative));
    EXPECT_EQ(value, std::numeric_limits<std::uint64_t>::max());
    EXPECT_TRUE(parse_number("-0x10", &value, &negative));
    EXPECT_TRUE(negative);
    EXPECT_EQ(value, 16U);
}

TEST(UiNumbers, that_are_none_are_refused) {
    std::uint64_t value = 0;
    bool negative = false;
    for (const char* text : {"", "-", "0x", "-0x", "1a", "0xg", " 1", "1 ", "--1", "+1",
                             "18446744073709551616", "0x10000000000000000", "99999999999999999999999"})
        EXPECT_FALSE(parse_number(text, &value, &negative)) << text;
}

TEST(UiFloats, are_short_and_valid_json) {
    EXPECT_EQ(double_text(0), "0");
    EXPECT_EQ(double_text(1), "1");
    EXPECT_EQ(double_text(-2.5), "-2.5");
    EXPECT_EQ(double_text(0.1), "0.1");
    EXPECT_EQ(double_text(100), "100");
    EXPECT_EQ(float_text(0.1F), "0.1");
    EXPECT_EQ(double_text(0.000015), "0.000015");
    EXPECT_EQ(double_text(-1.25e-9), "-125e-11");
    EXPECT_EQ(float_text(2.5e20F), "2500000e14");
    for (const double value : {1e300, 1e-300, 1.7e308, 2.2250738585072014e-308, 123456.789, 3.0e-5, 1.0 / 3,
                               1e15, 123456789012345680.0})
        EXPECT_NEAR(json::parse(double_text(value)).get<double>() / value, 1, 1e-13) << double_text(value);
    for (const float value : {16777217.0F, 3.4028235e38F, 1.17549435e-38F, 0.3F})
        EXPECT_EQ(json::parse(float_text(value)).get<float>(), value) << float_text(value);
}

TEST(UiFloats, of_every_magnitude_are_written) {
    for (double value = std::numeric_limits<double>::denorm_min(); value < 1e308; value *= 3)
        EXPECT_TRUE(json::parse(double_text(value), nullptr, false).is_number()) << double_text(value);
}

TEST(UiFloats, that_are_not_finite_have_no_number) {
    EXPECT_EQ(double_text(std::numeric_limits<double>::infinity()), "none");
    EXPECT_EQ(double_text(-std::numeric_limits<double>::infinity()), "none");
    EXPECT_EQ(double_text(std::numeric_limits<double>::quiet_NaN()), "none");
}

TEST(UiText, ends_at_its_first_nul) {
    EXPECT_EQ(json_text(std::string("ab\0cd", 5)), "ab");
    EXPECT_EQ(text_of("", STYLE_JSON), "\"\"");
    EXPECT_EQ(text_of("full", STYLE_TABLE), "full");
}

TEST(UiText, json_keeps_what_json_escapes) {
    EXPECT_EQ(json_text("\"\\/\b\n\t\x01\x1f\x7f"), "\"\\/\b\n\t\x01\x1f\x7f");
}

TEST(UiText, json_keeps_utf8_and_replaces_what_is_none) {
    EXPECT_EQ(json_text("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    const std::string replacement = "\xef\xbf\xbd";
    EXPECT_EQ(json_text("a\xff"), "a" + replacement);
    EXPECT_EQ(json_text("\xc3"), replacement) << "cut off at the end";
    EXPECT_EQ(json_text("\xc0\xaf"), replacement + replacement) << "overlong";
    EXPECT_EQ(json_text("\xe0\x80\x80"), replacement + replacement + replacement) << "overlong";
    EXPECT_EQ(json_text("\xed\xa0\x80"), replacement + replacement + replacement) << "surrogate";
    EXPECT_EQ(json_text("\xf4\x90\x80\x80"), replacement + replacement + replacement + replacement)
        << "beyond";
}

TEST(UiText, a_table_cannot_command_the_terminal) {
    EXPECT_EQ(text_of("\x1b[2J\r\n", STYLE_TABLE), "\\x1b[2J\\x0d\\x0a");
    EXPECT_EQ(text_of("\xc2\x9b", STYLE_TABLE), "\\xc2\\x9b") << "a control character beyond ASCII";
    EXPECT_EQ(text_of("\xff", STYLE_TABLE), "\\xff");
}

TEST(UiValues, bitfields_are_read_at_their_bits) {
    const ecc_ui_field fields[] = {field("low", 0, 3, ECC_UI_UNSIGNED), field("high", 3, 7, ECC_UI_SIGNED),
                                   field("flag", 10, 1, ECC_UI_BOOL)};
    const std::uint16_t bits = 5 | (0x7f & -3) << 3 | 1 << 10;
    EXPECT_EQ(object_text(record_of(fields, 2), bytes_of(bits)), R"({"low":5,"high":-3,"flag":true})");
}

TEST(UiValues, a_field_over_nine_bytes_is_read_whole) {
    const ecc_ui_field fields[] = {field("wide", 4, 64, ECC_UI_UNSIGNED)};
    const std::string bytes = "\xf0\xff\xff\xff\xff\xff\xff\xff\x0f";
    EXPECT_EQ(object_text(record_of(fields, 9), bytes), R"({"wide":18446744073709551615})");
}

TEST(UiValues, bytes_beyond_the_record_read_as_zero) {
    const ecc_ui_field fields[] = {field("number", 0, 64, ECC_UI_UNSIGNED),
                                   field("text", 64, 64, ECC_UI_TEXT), field("bytes", 256, 64, ECC_UI_BYTES)};
    EXPECT_EQ(object_text(record_of(fields, 40), "\x01\x02"), R"({"number":513,"text":"","bytes":""})");
}

TEST(UiValues, a_member_at_the_end_may_take_what_is_left) {
    const ecc_ui_field fields[] = {field("kind", 0, 8, ECC_UI_UNSIGNED), field("rest", 8, 0, ECC_UI_BYTES)};
    EXPECT_EQ(object_text(record_of(fields, 1), "\x01\xab\xcd"), R"({"kind":1,"rest":"abcd"})");
}

TEST(UiValues, enumerations_are_names_and_unknown_values_numbers) {
    const ecc_ui_enumerator enumerators[] = {{"ON", 1}, {"NONE", static_cast<std::uint64_t>(-1)}};
    ecc_ui_field fields[] = {field("a", 0, 32, ECC_UI_ENUM), field("b", 32, 32, ECC_UI_ENUM),
                             field("c", 64, 32, ECC_UI_ENUM)};
    for (ecc_ui_field& one : fields) {
        one.is_signed = 1;
        one.enumerators = enumerators;
        one.enumerator_count = 2;
    }
    const std::int32_t values[] = {1, -1, -2};
    EXPECT_EQ(object_text(record_of(fields, 12), bytes_of(values)), R"({"a":"ON","b":"NONE","c":-2})");
}

TEST(UiValues, addresses_arrays_and_records_inside_have_their_json) {
    const ecc_ui_field inner_fields[] = {field("x", 0, 8, ECC_UI_SIGNED)};
    const ecc_ui_record inner = record_of(inner_fields, 1);
    ecc_ui_field fields[] = {field("at", 0, 64, ECC_UI_ADDRESS), field("list", 64, 8, ECC_UI_UNSIGNED),
                             field("one", 80, 8, ECC_UI_RECORD), field("many", 88, 8, ECC_UI_RECORD)};
    fields[1].count = 2;
    fields[2].record = fields[3].record = &inner;
    fields[3].count = 2;
    const std::string bytes("\x00\x00\x00\x00\x80\x88\xff\xff\x01\x02\xff\x03\x04", 13);
    EXPECT_EQ(
        object_text(record_of(fields, 13), bytes, "event"),
        R"({"record":"event","at":"0xffff888000000000","list":[1,2],"one":{"x":-1},"many":[{"x":3},{"x":4}]})");
}

TEST(UiTable, numbers_stand_under_the_end_of_their_heading_and_text_under_its_start) {
    const ecc_ui_field fields[] = {field("pid", 0, 32, ECC_UI_UNSIGNED), field("comm", 32, 64, ECC_UI_TEXT),
                                   field("name", 96, 64, ECC_UI_TEXT)};
    const ecc_ui_record record = record_of(fields, 20);
    EXPECT_EQ(heading_text(record), "    PID COMM     NAME\n");
    EXPECT_EQ(row_text(record, std::string("\x2a\0\0\0sh\0\0\0\0\0\0file\0\0\0\0", 20)),
              "     42 sh       file\n");
}

TEST(UiTable, a_wide_cell_moves_the_next_one_only) {
    const ecc_ui_field fields[] = {field("a", 0, 32, ECC_UI_UNSIGNED), field("b", 32, 32, ECC_UI_UNSIGNED),
                                   field("c", 64, 8, ECC_UI_UNSIGNED)};
    const std::uint32_t values[] = {4000000000, 7, 1};
    EXPECT_EQ(row_text(record_of(fields, 9), bytes_of(values)), "4000000000    7   1\n");
}

TEST(UiTable, a_record_inside_becomes_columns_with_both_names) {
    const ecc_ui_field inner_fields[] = {field("port", 0, 16, ECC_UI_UNSIGNED)};
    const ecc_ui_record inner = record_of(inner_fields, 2);
    ecc_ui_field fields[] = {field("from", 0, 16, ECC_UI_RECORD), field("to", 16, 16, ECC_UI_RECORD)};
    fields[0].record = fields[1].record = &inner;
    const ecc_ui_record record = record_of(fields, 4);
    EXPECT_EQ(heading_text(record), "FROM.PORT TO.PORT\n");
    const std::uint16_t ports[] = {80, 65535};
    EXPECT_EQ(row_text(record, bytes_of(ports)), "       80   65535\n");
}

TEST(UiTable, empty_text_at_the_end_leaves_no_blanks) {
    const ecc_ui_field fields[] = {field("a", 0, 8, ECC_UI_UNSIGNED), field("text", 8, 64, ECC_UI_TEXT)};
    EXPECT_EQ(row_text(record_of(fields, 9), std::string(9, '\0')), "  0\n");
}

} // namespace
} // namespace ecc
