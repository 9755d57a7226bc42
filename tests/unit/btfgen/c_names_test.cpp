#include "btfgen/c_names.h"

#include <gtest/gtest.h>

namespace {

using namespace ecc;

TEST(CNames, keep_identifiers) {
    EXPECT_EQ(c_identifier("task_struct"), "task_struct");
    EXPECT_EQ(c_identifier("x1"), "x1");
}

TEST(CNames, replace_what_no_identifier_has) {
    EXPECT_EQ(c_identifier("Option<u32>"), "Option_u32_");
    EXPECT_EQ(c_identifier("1st"), "_1st");
    EXPECT_EQ(c_identifier(""), "_");
    EXPECT_EQ(c_identifier("a;system(\"x\")//"), "a_system__x____");
}

TEST(CNames, keep_apart_from_keywords_of_c_and_cpp_and_macros) {
    for (const char* word :
         {"class", "new", "int", "private", "errno", "linux", "bool", "xor", "static_assert"})
        EXPECT_EQ(c_identifier(word), std::string(word) + "_");
}

TEST(CNames, quote_strings_so_that_nothing_gets_out) {
    EXPECT_EQ(c_string("plain"), "\"plain\"");
    EXPECT_EQ(c_string("\"\\\n\x01?"), "\"\\\"\\\\\\n\\001\\077\"");
}

TEST(CNames, keep_comments_closed) {
    EXPECT_EQ(c_comment("a */ b"), "a * / b");
    EXPECT_EQ(c_comment("/* a\nb"), "/ * a b");
}

TEST(CScope, numbers_second_uses_as_libbpf_does) {
    CScope scope;
    EXPECT_EQ(scope.claim("event"), "event");
    EXPECT_EQ(scope.claim("event"), "event___2");
    EXPECT_EQ(scope.claim("event"), "event___3");
}

TEST(CScope, makes_up_no_name_that_somebody_expects) {
    CScope scope;
    scope.expect("__pad0");
    scope.expect("x___2");
    EXPECT_EQ(scope.claim_padding(), "__pad1");
    EXPECT_EQ(scope.claim("x"), "x");
    EXPECT_EQ(scope.claim("x"), "x___3");
    EXPECT_EQ(scope.claim("__pad0"), "__pad0");
}

TEST(CScope, counts_many_uses_without_trying_all_numbers_again) {
    CScope scope;
    std::string last;
    for (int i = 0; i < 200'000; ++i)
        last = scope.claim("x");
    EXPECT_EQ(last, "x___200000");
}

} // namespace
