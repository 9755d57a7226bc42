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

TEST(Json, takes_as_many_members_of_an_object_as_values) {
    EXPECT_EQ(parse_json(object_of(499'999)).size(), 499'999u);
    EXPECT_TRUE(parse_json(object_of(500'000)).is_discarded());
}

// The library looks for each name among those before it.
TEST(Json, indents_objects_of_1000_members_and_no_more) {
    EXPECT_TRUE(indented_json(object_of(1000)));
    EXPECT_FALSE(indented_json(object_of(1001)));
    EXPECT_TRUE(indented_json("[" + object_of(600) + "," + object_of(600) + "]"));
}

// Go's readers take either, so what was checked would not be what another program does.
TEST(Json, refuses_members_that_only_some_readers_tell_apart) {
    for (const char* text :
         {R"({"a":1,"a":2})", R"({"config":{},"Config":{}})", R"([{"x":{"layers":[],"layerS":[]}}])",
          R"({"os":"","o\u017f":""})", R"({"token":1,"to\u212Aen":2})", R"({"a":1,"\u0061":1})",
          R"({"annotations":{},"Annotations":{}})", R"({"config":{"Labels":{},"labels":{}}})",
          R"({"auths":{"a":{"auth":"","Auth":""}}})", R"({"predicate":1,"Predicate":{}})",
          R"({"annotations":{"a":"1","a":"2"}})", R"({"predicate":[{"a":1,"a":2}]})"})
        EXPECT_FALSE(is_taken(text)) << text;
    EXPECT_TRUE(is_taken(R"({"a":{"a":1},"b":{"a":1,"A ":2}})"));
}

// They are keys to Go's readers too, which keep both.
TEST(Json, tells_letter_case_apart_where_every_reader_does) {
    for (const char* text :
         {R"({"annotations":{"Version":"1","version":"1"}})", R"({"env":{"HTTP_PROXY":"","http_proxy":""}})",
          R"({"config":{"Labels":{"Name":"a","name":"a"},"Volumes":{"/Data":{},"/data":{}}}})",
          R"({"auths":{"Reg.io":{},"reg.io":{}},"credHelpers":{"Reg.io":"a","reg.io":"b"}})",
          R"({"annotations":{"Config":"1","config":"1"},"layers":[]})",
          R"({"predicate":{"config":[{"Name":1,"name":{"Size":1,"size":2}}]},"subject":[]})"})
        EXPECT_TRUE(is_taken(text)) << text;
    const char* predicate = R"({"Name":1,"name":{"Size":[{"OS":1,"os":2}]}})";
    EXPECT_TRUE(parse_json(predicate).is_discarded());
    EXPECT_FALSE(parse_json(predicate, JsonNames::data).is_discarded());
    EXPECT_TRUE(parse_json(R"({"a":{"b":1,"b":2}})", JsonNames::data).is_discarded());
}

TEST(Json, that_is_refused_comes_with_the_reason) {
    const std::pair<std::string, std::string> cases[] = {
        {"{", "is no JSON"},
        {"[1]", ""},
        {R"({"a":{"b":1,"b":2}})", "has two members \"b\""},
        {R"({"layers":[],"Layers":[]})",
         "has a member \"Layers\" beside one that some readers take for the same"},
        {nested(65, "[", "]"), "is nested deeper than 64 levels"},
        {array_of(500'000, "0"), "has more than 500000 values"},
    };
    for (const auto& [text, reason] : cases)
        EXPECT_EQ(json_mistake(text), reason) << text.substr(0, 80);
}

TEST(Json, takes_long_names_in_time_that_grows_with_their_length) {
    std::string name;
    for (int i = 0; i < 1'000'000; i++)
        name += "\u017f";
    EXPECT_TRUE(is_taken("{\"" + name + "\":1}"));
}

TEST(Json, indents_members_in_the_order_that_they_have) {
    EXPECT_EQ(indented_json(R"({"b":1,"a":[2]})"), "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}");
}

} // namespace
} // namespace ecc
