#include "support/near_names.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

constexpr std::string_view known[] = {"act", "program_types", "hooks"};

TEST(NearNames, come_first_and_then_all_of_them) {
    EXPECT_EQ(hint_for_unknown("program_type", known),
              "\"program_types\"; known are act, program_types, hooks");
    EXPECT_EQ(hint_for_unknown("akt", known), "\"act\"; known are act, program_types, hooks");
}

TEST(NearNames, are_none_of_what_is_quite_different) {
    for (const std::string& name :
         {std::string(), std::string("digests"), std::string("a"), std::string(1 << 20, 'a')})
        EXPECT_EQ(hint_for_unknown(name, known), "one of act, program_types, hooks") << name.substr(0, 20);
    EXPECT_EQ(hint_for_unknown("act", {}), "one of ");
}

TEST(NearNames, are_counted_in_letters) {
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("same", "same"), 0U);
}

} // namespace
} // namespace ecc
