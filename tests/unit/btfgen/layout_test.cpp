#include "btfgen/layout.h"
#include "tests/unit/btfgen/btf_builder.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

Result<LayoutSet> layouts_of(const Bytes& blob) {
    auto graph = parse_type_graph(blob, "test.btf");
    if (!graph)
        return std::unexpected(graph.error());
    return compute_layouts(std::move(*graph), "test.btf");
}

TEST(Layout, gives_pointers_and_long_64_bits) {
    BtfBuilder builder;
    const int pointer = btf__add_ptr(builder.get(), 0);
    const int natural = builder.integer("long", 8, BTF_INT_SIGNED);
    builder.record("s", 16, {{"p", pointer, 0}, {"l", natural, 64}});
    const auto set = layouts_of(builder.blob());
    ASSERT_TRUE(set) << set.error().what;
    const RecordLayout* record = set->find("s");
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->alignment, 8u);
    EXPECT_EQ(record->members[0].size_bits, 64u);
    EXPECT_EQ(scalar_kind(set->graph, record->members[0].type), ScalarKind::pointer);
    EXPECT_EQ(scalar_kind(set->graph, record->members[1].type), ScalarKind::signed_integer);
}

TEST(Layout, lists_records_after_what_they_contain) {
    BtfBuilder builder;
    builder.record("outer", 8, {{"inner", 2, 0}});
    builder.record("inner", 8, {{"x", 3, 0}});
    builder.u64();
    const auto set = layouts_of(builder.blob());
    ASSERT_TRUE(set) << set.error().what;
    ASSERT_EQ(set->records.size(), 2u);
    EXPECT_EQ(set->records[0].name, "inner");
    EXPECT_EQ(set->records[1].name, "outer");
}

TEST(Layout, infers_packing_from_offsets) {
    BtfBuilder builder;
    const int u8 = builder.u8();
    const int u32 = builder.u32();
    builder.record("offset", 5, {{"a", u8, 0}, {"b", u32, 8}});
    builder.record("size", 6, {{"a", u32, 0}, {"b", u8, 32}});
    builder.record("natural", 8, {{"a", u32, 0}, {"b", u8, 32}});
    builder.record("straddling", 8, {{"a", u32, 0, 20}, {"b", u32, 20, 20}});
    const auto set = layouts_of(builder.blob());
    ASSERT_TRUE(set) << set.error().what;
    for (const char* name : {"offset", "size", "straddling"}) {
        EXPECT_TRUE(set->find(name)->packed) << name;
        EXPECT_EQ(set->find(name)->alignment, 1u) << name;
    }
    EXPECT_FALSE(set->find("natural")->packed);
    EXPECT_EQ(set->find("natural")->alignment, 4u);
}

TEST(Layout, knows_arrays_enums_and_odd_scalars) {
    BtfBuilder builder;
    const int wide = builder.integer("__int128", 16, BTF_INT_SIGNED);
    const int flexible = builder.array(builder.u64(), 0);
    const int small = btf__add_enum(builder.get(), "small", 1);
    btf__add_enum_value(builder.get(), "one", 1);
    const int real = btf__add_float(builder.get(), "double", 8);
    const int empty = builder.record("empty", 0, {});
    builder.record(
        "s", 48,
        {{"w", wide, 0}, {"e", small, 128}, {"d", real, 192}, {"n", empty, 256}, {"f", flexible, 256}});
    const auto set = layouts_of(builder.blob());
    ASSERT_TRUE(set) << set.error().what;
    const RecordLayout* record = set->find("s");
    EXPECT_EQ(record->alignment, 16u);
    EXPECT_EQ(record->members[4].size_bits, 0u);
    EXPECT_EQ(set->alignment_of(record->members[4].type), 8u);
    EXPECT_EQ(set->size_of(record->members[1].type), 1u);
    EXPECT_EQ(scalar_kind(set->graph, record->members[2].type), ScalarKind::floating);
}

TEST(Layout, finds_records_by_the_typedef_that_names_them_or_another) {
    BtfBuilder builder;
    const int unnamed = builder.record("", 4, {{"x", builder.u32(), 0}});
    btf__add_typedef(builder.get(), "first_t", unnamed);
    btf__add_typedef(builder.get(), "second_t", unnamed);
    const auto set = layouts_of(builder.blob());
    ASSERT_TRUE(set);
    ASSERT_NE(set->find("first_t"), nullptr);
    EXPECT_TRUE(set->find("first_t")->is_typedef_name);
    EXPECT_EQ(set->find("second_t"), set->find("first_t"));
    EXPECT_EQ(set->find("third_t"), nullptr);
}

TEST(Layout, refuses_overlapping_members_and_names_them) {
    BtfBuilder builder;
    const int u32 = builder.u32();
    builder.record("clash", 8, {{"a", u32, 0}, {"b", u32, 16}});
    const auto set = layouts_of(builder.blob());
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().what, HasSubstr("'clash'"));
    EXPECT_THAT(set.error().what, HasSubstr("'b'"));
}

} // namespace
