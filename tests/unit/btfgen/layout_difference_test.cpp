#include "btfgen/layout_difference.h"

#include "tests/unit/btfgen/btf_builder.h"

#include <functional>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

LayoutSet layouts_of(const std::function<void(BtfBuilder&)>& build) {
    BtfBuilder builder;
    build(builder);
    return compute_layouts(parse_type_graph(builder.blob(), "test.btf").value(), "test.btf").value();
}

std::optional<std::string> difference(const std::function<void(BtfBuilder&)>& one,
                                      const std::function<void(BtfBuilder&)>& other) {
    const LayoutSet left = layouts_of(one);
    const LayoutSet right = layouts_of(other);
    return layout_difference({left, left.find("s")->type, "x86"}, {right, right.find("s")->type, "arm64"});
}

void plain(BtfBuilder& types) {
    const int u32 = types.u32();
    types.record("s", 16, {{"a", u32, 0}, {"b", u32, 32}, {"c", types.u64(), 64}});
}

TEST(LayoutDifference, is_none_between_equal_types_with_other_numbers) {
    EXPECT_EQ(difference(plain,
                         [](BtfBuilder& types) {
                             types.character();
                             plain(types);
                         }),
              std::nullopt);
}

TEST(LayoutDifference, names_the_member_that_moved) {
    const auto moved = [](BtfBuilder& types) {
        const int u32 = types.u32();
        types.record("s", 16, {{"a", u32, 0}, {"b", u32, 64}, {"c", u32, 96}});
    };
    EXPECT_EQ(difference(plain, moved),
              "member 'b' of struct s is at byte 4 for x86 and at byte 8 for arm64");
}

TEST(LayoutDifference, names_the_member_with_another_name_or_kind) {
    const auto renamed = [](BtfBuilder& types) {
        const int u32 = types.u32();
        types.record("s", 16, {{"a", u32, 0}, {"d", u32, 32}, {"c", types.u64(), 64}});
    };
    EXPECT_THAT(*difference(plain, renamed), HasSubstr("member 'b' of struct s is called 'd' for arm64"));
    const auto is_signed = [](BtfBuilder& types) {
        const int u32 = types.u32();
        const int s32 = types.integer("int", 4, BTF_INT_SIGNED);
        types.record("s", 16, {{"a", u32, 0}, {"b", s32, 32}, {"c", types.u64(), 64}});
    };
    EXPECT_THAT(*difference(plain, is_signed), HasSubstr("member 'b' of struct s has another kind"));
}

TEST(LayoutDifference, is_found_in_elements_and_in_records_inside) {
    const auto nested = [](int second) {
        return [second](BtfBuilder& types) {
            const int inner = types.record(
                "in", 8, {{"x", types.u32(), 0}, {"y", types.u8(), static_cast<unsigned>(second)}});
            types.record("s", 16, {{"list", types.array(inner, 2), 0}});
        };
    };
    EXPECT_EQ(difference(nested(32), nested(32)), std::nullopt);
    EXPECT_EQ(difference(nested(32), nested(40)),
              "member 'y' of struct in is at byte 4 for x86 and at byte 5 for arm64");
}

TEST(LayoutDifference, is_none_behind_pointers) {
    const auto pointing = [](const char* name) {
        return [name](BtfBuilder& types) {
            const int target = types.record(name, 4, {{"x", types.u32(), 0}});
            types.record("s", 8, {{"p", btf__add_ptr(types.get(), target), 0}});
        };
    };
    EXPECT_EQ(difference(pointing("one"), pointing("other")), std::nullopt);
}

TEST(LayoutDifference, names_the_member_that_is_missing_and_counts_bytes_behind_the_last) {
    const auto longer = [](BtfBuilder& types) {
        const int u32 = types.u32();
        types.record("s", 16, {{"a", u32, 0}, {"b", u32, 32}});
    };
    const auto of_size = [](std::uint32_t size) {
        return [size](BtfBuilder& types) { types.record("s", size, {{"a", types.u32(), 0}}); };
    };
    EXPECT_THAT(*difference(plain, longer), HasSubstr("member 'c' of struct s is there only for x86"));
    EXPECT_THAT(*difference(of_size(4), plain), HasSubstr("member 'b' of struct s is there only for arm64"));
    EXPECT_THAT(*difference(of_size(16), of_size(4)), HasSubstr("16 bytes for x86 and 4 for arm64"));
}

TEST(LayoutDifference, says_that_a_member_has_no_name) {
    const auto with_union = [](const char* name, std::uint32_t offset_bits) {
        return [=](BtfBuilder& types) {
            const int u32 = types.u32();
            const int inner = types.record("", 4, {{"x", u32, 0}});
            types.record("s", 16, {{"a", u32, 0}, {name, inner, offset_bits}});
        };
    };
    EXPECT_EQ(difference(with_union("", 32), with_union("", 64)),
              "an unnamed member of struct s is at byte 4 for x86 and at byte 8 for arm64");
    EXPECT_EQ(difference(with_union("b", 32), with_union("", 32)),
              "member 'b' of struct s is unnamed for arm64");
}

} // namespace
