#include "runtime-min/handles.h"

#include <gtest/gtest.h>
#include <string>

namespace ecc {
namespace {

using Table = HandleTable<int, std::string>;

TEST(Handles, start_where_no_descriptor_is) {
    EXPECT_EQ(Table().add(5), ECC_HANDLE_FIRST);
}

TEST(Handles, tell_unknown_ones_from_those_of_the_wrong_sort) {
    Table table;
    const auto handle = table.add(5).value();
    EXPECT_EQ(**table.get<int>(handle), 5);
    EXPECT_EQ(table.get<std::string>(handle).error(), -EINVAL);
    EXPECT_EQ(table.get<int>(handle + 1).error(), -EBADF);
    EXPECT_EQ(table.get<int>(0).error(), -EBADF);
    EXPECT_EQ(table.get<int>(-1).error(), -EBADF);
}

TEST(Handles, are_never_used_twice) {
    Table table;
    const auto first = table.add(5).value();
    table.remove(first);
    EXPECT_NE(table.add(6).value(), first);
    EXPECT_EQ(table.get<int>(first).error(), -EBADF);
}

TEST(Handles, are_bounded) {
    Table table;
    for (std::size_t i = 0; i < handle_limit; ++i)
        ASSERT_TRUE(table.add(1));
    EXPECT_EQ(table.add(1).error(), -EMFILE);
    table.remove(ECC_HANDLE_FIRST);
    EXPECT_TRUE(table.add(1));
}

TEST(Handles, of_one_sort_are_removed_by_a_condition) {
    Table table;
    const auto small = table.add(1).value();
    const auto large = table.add(100).value();
    const auto text = table.add(std::string("x")).value();
    table.remove_if<int>([](int value) { return value > 10; });
    EXPECT_TRUE(table.get<int>(small));
    EXPECT_FALSE(table.get<int>(large));
    EXPECT_TRUE(table.get<std::string>(text));
}

} // namespace
} // namespace ecc
