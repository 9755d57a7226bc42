#include "compiler/analysis/comment_text.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::HasSubstr;

std::string error_of(std::string_view comment) {
    const auto flag = read_flag(split_comment(comment));
    return flag ? "no error" : flag.error().what;
}

TEST(CommentText, joins_the_first_paragraph_and_drops_the_rest) {
    EXPECT_EQ(split_comment("\n Process\n   that opened it. \n\n Second paragraph.\n").summary,
              "Process that opened it.");
}

TEST(CommentText, ends_the_summary_at_a_command_but_not_at_brief) {
    EXPECT_EQ(split_comment("@brief Short.\n@return nothing\nmore").summary, "Short.");
}

TEST(CommentText, keeps_an_at_sign_inside_a_line) {
    EXPECT_EQ(split_comment("mail to a@b.example").summary, "mail to a@b.example");
}

TEST(CommentText, reads_a_flag_from_cmdarg) {
    const auto flag =
        read_flag(split_comment("@cmdarg {\"default\": 0, \"short\": \"p\", \"long\": \"pid\",\n"
                                "  \"help\": \"only this process\"}"));
    ASSERT_TRUE(flag && *flag);
    EXPECT_EQ((*flag)->long_name, "pid");
    EXPECT_EQ((*flag)->short_name, "p");
    EXPECT_EQ((*flag)->help, "only this process");
}

TEST(CommentText, accepts_parentheses_and_a_description_as_help) {
    const auto flag =
        read_flag(split_comment("@cmdarg({\"long\": \"pid\"})\n@description \"Process to trace\""));
    ASSERT_TRUE(flag && *flag);
    EXPECT_EQ((*flag)->long_name, "pid");
    EXPECT_EQ((*flag)->help, "Process to trace");
}

TEST(CommentText, finds_no_flag_without_annotation) {
    const auto flag = read_flag(split_comment("Just text."));
    ASSERT_TRUE(flag);
    EXPECT_FALSE(*flag);
}

TEST(CommentText, refuses_what_is_no_flag) {
    EXPECT_THAT(error_of("@cmdarg {\"long\": "), HasSubstr("not followed by a JSON object"));
    EXPECT_THAT(error_of("@cmdarg"), HasSubstr("not followed by a JSON object"));
    EXPECT_THAT(error_of("@cmdarg [1]"), HasSubstr("not followed by a JSON object"));
    EXPECT_THAT(error_of("@cmdarg {\"long\": 1}"), HasSubstr("\"long\" of @cmdarg is not a string"));
    EXPECT_THAT(error_of("@cmdarg {\"short\": \"pid\"}"), HasSubstr("expected one letter"));
    EXPECT_THAT(error_of("@cmdarg {\"short\": \"-\"}"), HasSubstr("expected one letter"));
    EXPECT_THAT(error_of("@cmdarg {\"long\": \"--pid\"}"), HasSubstr("expected letters"));
    EXPECT_THAT(error_of("@cmdarg {\"long\": \"a b\"}"), HasSubstr("expected letters"));
    EXPECT_THAT(error_of("@cmdarg " + std::string(100000, '[')), HasSubstr("not followed by a JSON object"));
}

} // namespace
