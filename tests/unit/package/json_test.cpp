#include "packager/json.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

/// OPEN and CLOSE around each other, `depth` times.
std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i)
        text += open;
    for (std::size_t i = 0; i < depth; ++i)
        text += close;
    return text;
}

std::string array_of(std::size_t count, const std::string& value) {
    std::string text = "[" + value;
    for (std::size_t i = 1; i < count; ++i)
        text += "," + value;
    return text + "]";
}

std::string object_of(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i)
        text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    return text + "}";
}

bool is_taken(const std::string& text) {
    EXPECT_EQ(parse_json(text).is_discarded(), !indented_json(text).has_value());
    return !parse_json(text).is_discarded();
}

TEST(Json, takes_every_kind_of_value) {
    const std::string text = R"({"a":[null,true,-1,18446744073709551615,1.5,"\u00e9",{}]})";
    EXPECT_EQ(json_text(parse_json(text)), "{\"a\":[null,true,-1,18446744073709551615,1.5,\"\u00e9\",{}]}");
}

TEST(Json, refuses_what_is_malformed) {
    for (const char* text : {"", "{", "[1,]", "{} {}", "{\"a\"}", "nul", "\"\xff\"", "1e999", "\xef\xbb"})
        EXPECT_FALSE(is_taken(text)) << text;
}

TEST(Json, takes_64_levels_and_no_more) {
    EXPECT_TRUE(is_taken(nested(64, "[", "]")));
    EXPECT_FALSE(is_taken(nested(65, "[", "]")));
    EXPECT_TRUE(is_taken(nested(63, "{\"a\":", "}").insert(63 * 5, "[]")));
    EXPECT_FALSE(is_taken(nested(64, "{\"a\":", "}").insert(64 * 5, "[]")));
    EXPECT_FALSE(is_taken(nested(1'000'000, "[", "]")));
}

// With the library's own callback it took hours: each object that ended had the array's elements looked
// through.
TEST(Json, takes_many_objects_in_one_array) {
    EXPECT_EQ(parse_json(array_of(499'999, "{}")).size(), 499'999u);
}

TEST(Json, takes_500000_values_and_no_more) {
    EXPECT_TRUE(is_taken(array_of(499'999, "0")));
    EXPECT_FALSE(is_taken(array_of(500'000, "0")));
    EXPECT_FALSE(is_taken(array_of(4'000'000, "{}")));
}

TEST(Json, takes_1000_members_of_an_object_and_no_more) {
    EXPECT_TRUE(is_taken(object_of(1000)));
    EXPECT_FALSE(is_taken(object_of(1001)));
    EXPECT_TRUE(is_taken("[" + object_of(600) + "," + object_of(600) + "]"));
}

// Go's readers take either, so what was checked would not be what another program does.
TEST(Json, refuses_members_that_only_some_readers_tell_apart) {
    for (const char* text :
         {R"({"a":1,"a":2})", R"({"config":{},"Config":{}})", R"([{"x":{"layers":[],"layerS":[]}}])",
          R"({"os":"","o\u017f":""})", R"({"k":1,"\u212A":2})", R"({"a":1,"\u0061":1})"})
        EXPECT_FALSE(is_taken(text)) << text;
    EXPECT_TRUE(is_taken(R"({"a":{"a":1},"b":{"a":1,"A ":2}})"));
}

TEST(Json, indents_members_in_the_order_that_they_have) {
    EXPECT_EQ(indented_json(R"({"b":1,"a":[2]})"), "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}");
}

} // namespace
} // namespace ecc
