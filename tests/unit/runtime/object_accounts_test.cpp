#include "runtime-min/object_accounts.h"

#include <array>
#include <gtest/gtest.h>

namespace ecc::test {
namespace {

class Accounts : public testing::Test {
protected:
    Accounts() {
        for (const char& object : names)
            accounts.set(of(object), {.programs = 1, .bytes = 100});
    }
    static const BpfObject* of(const char& name) { return reinterpret_cast<const BpfObject*>(&name); }
    std::uint64_t bytes() const { return accounts.total_without(nullptr).bytes; }

    const std::array<char, 3> names{};
    const BpfObject *a = of(names[0]), *b = of(names[1]), *c = of(names[2]);
    ObjectAccounts accounts;
};

TEST_F(Accounts, are_of_open_objects) {
    EXPECT_EQ(bytes(), 300U);
    EXPECT_EQ(accounts.total_without(nullptr).programs, 3U);
    accounts.set(a, {.programs = 0, .bytes = 50});
    EXPECT_EQ(bytes(), 250U);
    EXPECT_EQ(accounts.total_without(b).bytes, 150U);
    accounts.close(a);
    EXPECT_EQ(bytes(), 200U);
}

TEST_F(Accounts, are_kept_while_another_object_holds_something_of_a_closed_one) {
    accounts.add_hold(a, b);
    accounts.close(b);
    EXPECT_EQ(bytes(), 300U);
    accounts.close(c);
    EXPECT_EQ(bytes(), 200U);
    accounts.close(a);
    EXPECT_EQ(bytes(), 0U);
}

TEST_F(Accounts, are_kept_by_way_of_other_closed_objects) {
    accounts.add_hold(a, b);
    accounts.add_hold(b, c);
    accounts.close(c);
    accounts.close(b);
    EXPECT_EQ(bytes(), 300U);
    accounts.close(a);
    EXPECT_EQ(bytes(), 0U);
}

TEST_F(Accounts, of_what_was_pinned_are_kept_with_all_that_it_holds) {
    accounts.add_hold(a, b);
    accounts.pin(a);
    for (const auto* object : {a, b, c})
        accounts.close(object);
    EXPECT_EQ(bytes(), 200U);
}

TEST_F(Accounts, of_objects_that_hold_each_other_end_with_both) {
    accounts.add_hold(a, b);
    accounts.add_hold(b, a);
    accounts.add_hold(c, c);
    accounts.close(a);
    EXPECT_EQ(bytes(), 300U);
    accounts.close(b);
    accounts.close(c);
    EXPECT_EQ(bytes(), 0U);
}

TEST_F(Accounts, are_not_mixed_up_when_a_new_object_takes_the_place_of_a_closed_one) {
    accounts.add_hold(a, b);
    accounts.close(b);
    accounts.set(b, {.programs = 0, .bytes = 7});
    EXPECT_EQ(bytes(), 307U);
    accounts.close(b);
    EXPECT_EQ(bytes(), 300U);
}

} // namespace
} // namespace ecc::test
