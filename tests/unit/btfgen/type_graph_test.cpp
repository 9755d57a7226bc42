#include "btfgen/type_graph.h"
#include "support/files.h"
#include "tests/unit/btfgen/btf_builder.h"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <random>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(ByteView blob) {
    auto graph = parse_type_graph(blob, "test.btf");
    return graph ? "no error" : graph.error().what;
}

/// One of every kind.
Bytes rich_blob() {
    BtfBuilder builder;
    const int u32 = builder.u32();
    const int text = builder.array(builder.character(), 16);
    btf* types = builder.get();
    btf__add_enum(types, "state", 4);
    btf__add_enum_value(types, "on", 1);
    btf__add_enum64(types, "wide", 8, true);
    btf__add_enum64_value(types, "low", static_cast<std::uint64_t>(-5));
    const int event =
        builder.record("event", 24, {{"pid", u32, 0}, {"flag", u32, 32, 3}, {"comm", text, 64}});
    const int pointer = btf__add_ptr(types, btf__add_const(types, event));
    btf__add_typedef(types, "event_t", event);
    btf__add_volatile(types, u32);
    btf__add_restrict(types, pointer);
    btf__add_type_tag(types, "user", u32);
    btf__add_fwd(types, "later", BTF_FWD_UNION);
    btf__add_float(types, "double", 8);
    const int prototype = btf__add_func_proto(types, u32);
    btf__add_func_param(types, "ctx", pointer);
    btf__add_func(types, "handle", BTF_FUNC_GLOBAL, prototype);
    const int variable = btf__add_var(types, "count", BTF_VAR_GLOBAL_ALLOCATED, u32);
    btf__add_datasec(types, ".bss", 4);
    btf__add_datasec_var_info(types, variable, 0, 4);
    btf__add_decl_tag(types, "key", event, 1);
    return builder.blob();
}

TEST(TypeGraph, holds_what_libbpf_wrote) {
    const auto graph = parse_type_graph(rich_blob(), "test.btf");
    ASSERT_TRUE(graph) << graph.error().what;
    const Type& event = graph->at(graph->find(TypeKind::structure, "event"));
    ASSERT_EQ(event.members.size(), 3u);
    EXPECT_EQ(event.size, 24u);
    EXPECT_EQ(event.members[1].name, "flag");
    EXPECT_EQ(event.members[1].offset_bits, 32u);
    EXPECT_EQ(event.members[1].bitfield_bits, 3u);
    EXPECT_EQ(event.members[2].bitfield_bits, 0u);
    const Type& text = graph->at(event.members[2].type);
    EXPECT_EQ(text.kind, TypeKind::array);
    EXPECT_EQ(text.element_count, 16u);
    EXPECT_TRUE(graph->at(text.target).is_char);
    const Type& wide = graph->at(graph->find(TypeKind::enumeration, "wide"));
    EXPECT_EQ(wide.size, 8u);
    EXPECT_EQ(wide.enumerators[0].value, static_cast<std::uint64_t>(-5));
    EXPECT_TRUE(graph->at(graph->find(TypeKind::forward, "later")).forward_is_union);
    const Type& section = graph->at(graph->find(TypeKind::data_section, ".bss"));
    ASSERT_EQ(section.variables.size(), 1u);
    EXPECT_EQ(graph->at(section.variables[0].type).name, "count");
}

TEST(TypeGraph, resolves_typedefs_and_qualifiers_to_the_type_itself) {
    const auto graph = parse_type_graph(rich_blob(), "test.btf");
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->resolve(graph->find(TypeKind::type_def, "event_t")),
              graph->find(TypeKind::structure, "event"));
    EXPECT_EQ(graph->find(TypeKind::structure, "no such"), 0u);
}

TEST(TypeGraph, extends_signed_enumerators_and_no_others) {
    BtfBuilder builder;
    btf__add_enum(builder.get(), "level", 4);
    btf__add_enum_value(builder.get(), "below", -1);
    btf__add_enum(builder.get(), "mask", 4);
    btf__add_enum_value(builder.get(), "top", 0x80000000);
    const auto graph = parse_type_graph(builder.blob(), "test.btf");
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->at(1).enumerators[0].value, static_cast<std::uint64_t>(-1));
    EXPECT_EQ(graph->at(2).enumerators[0].value, 0x80000000u);
}

TEST(TypeGraph, reads_bitfields_of_integers_made_for_them) {
    BtfBuilder builder;
    const int narrow = builder.u32();
    builder.record("old", 4, {{"a", narrow, 0}, {"b", narrow, 8}});
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 12, 2u << 16 | 5); // the integer: 5 bits from bit 2
    const auto graph = parse_type_graph(blob, "test.btf");
    ASSERT_TRUE(graph) << graph.error().what;
    EXPECT_EQ(graph->at(2).members[1].offset_bits, 10u);
    EXPECT_EQ(graph->at(2).members[1].bitfield_bits, 5u);
}

TEST(TypeGraph, refuses_big_endian_with_that_reason) {
    BtfBuilder builder;
    builder.u32();
    btf__set_endianness(builder.get(), BTF_BIG_ENDIAN);
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("big-endian"));
}

TEST(TypeGraph, refuses_what_is_not_btf) {
    EXPECT_THAT(error_of({}), HasSubstr("too few"));
    EXPECT_THAT(error_of(as_bytes("this is a text of more than 24 bytes")), HasSubstr("not BTF"));
    Bytes newer = rich_blob();
    newer[2] = 9;
    EXPECT_THAT(error_of(newer), HasSubstr("version 9"));
}

TEST(TypeGraph, refuses_sections_outside_the_blob) {
    Bytes blob = rich_blob();
    patch_u32(blob, 12, 0xfffffffc);
    EXPECT_THAT(error_of(blob), HasSubstr("type section"));
    blob = rich_blob();
    patch_u32(blob, 20, 0x7fffffff);
    EXPECT_THAT(error_of(blob), HasSubstr("string section"));
    blob = rich_blob();
    blob.back() = 'x';
    EXPECT_THAT(error_of(blob), HasSubstr("end with NUL"));
}

TEST(TypeGraph, refuses_names_outside_the_strings_and_control_characters) {
    BtfBuilder builder;
    builder.u32();
    Bytes blob = builder.blob();
    patch_u32(blob, first_type, 0x00ffffff);
    EXPECT_THAT(error_of(blob), HasSubstr("string section"));
    blob = builder.blob();
    blob[blob.size() - 3] = '\n';
    EXPECT_THAT(error_of(blob), HasSubstr("control character"));
}

TEST(TypeGraph, refuses_names_of_absurd_length) {
    BtfBuilder builder;
    builder.record(std::string(5000, 'n').c_str(), 0, {});
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("names longer"));
}

TEST(TypeGraph, refuses_unknown_kinds_and_counts_beyond_the_section) {
    BtfBuilder builder;
    builder.record("event", 4, {{"a", builder.u32(), 0}});
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 4, 31u << 24);
    EXPECT_THAT(error_of(blob), HasSubstr("unknown kind 31"));
    blob = builder.blob();
    patch_u32(blob, first_type + 16 + 4, BTF_KIND_STRUCT << 24 | 0xffff);
    EXPECT_THAT(error_of(blob), HasSubstr("ends within it"));
}

TEST(TypeGraph, refuses_ids_out_of_range) {
    BtfBuilder builder;
    btf__add_ptr(builder.get(), 0);
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 8, 77);
    EXPECT_THAT(error_of(blob), HasSubstr("refers to type 77"));
}

TEST(TypeGraph, refuses_types_that_contain_themselves) {
    BtfBuilder builder;
    btf__add_typedef(builder.get(), "t", 2);
    btf__add_const(builder.get(), 1);
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("contains itself"));

    BtfBuilder nested;
    nested.record("node", 8, {{"inner", 3, 0}});
    ASSERT_EQ(nested.array(1, 1), 3);
    EXPECT_THAT(error_of(nested.blob()), HasSubstr("contains itself"));
}

TEST(TypeGraph, accepts_types_that_point_to_themselves) {
    BtfBuilder builder;
    builder.record("node", 8, {{"next", 2, 0}});
    btf__add_ptr(builder.get(), 1);
    EXPECT_EQ(error_of(builder.blob()), "no error");
}

TEST(TypeGraph, refuses_nesting_without_end) {
    BtfBuilder builder;
    int inner = builder.u32();
    for (int depth = 0; depth < 100'000; ++depth)
        inner = builder.record("level", 4, {{"inner", inner, 0}});
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("levels deep"));
}

TEST(TypeGraph, refuses_members_that_do_not_fit) {
    struct Case {
        std::uint32_t size;
        BtfMember member; // its type: 1 u32, 2 void *, 3 a declared struct, 4 a function's prototype
        const char* message;
    };
    const Case cases[] = {
        {4, {"x", 1, 8}, "outside its type"},    {4, {"x", 1, 0xfffff0}, "outside its type"},
        {8, {"x", 3, 0}, "without a size"},      {8, {"x", 4, 0}, "without a size"},
        {8, {"x", 0, 0}, "without a size"},      {16, {"x", 1, 0, 33}, "wider than its type"},
        {1, {"x", 1, 7, 2}, "outside its type"}, {16, {"x", 2, 0, 3}, "a type that cannot be one"},
    };
    for (const Case& test : cases) {
        BtfBuilder builder;
        builder.u32();
        btf__add_ptr(builder.get(), 0);
        btf__add_fwd(builder.get(), "later", BTF_FWD_STRUCT);
        btf__add_func_proto(builder.get(), 0);
        builder.record("event", test.size, {test.member});
        EXPECT_THAT(error_of(builder.blob()), HasSubstr(test.message));
        EXPECT_THAT(error_of(builder.blob()), HasSubstr("'event'"));
    }
}

TEST(TypeGraph, refuses_members_between_bytes) {
    BtfBuilder builder;
    builder.record("event", 8, {{"x", builder.u32(), 0}});
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 16 + 12 + 8, 4);
    EXPECT_THAT(error_of(blob), HasSubstr("does not start at a byte"));
}

TEST(TypeGraph, refuses_union_members_away_from_the_start) {
    BtfBuilder builder;
    builder.union_of("u", 8, {{"x", builder.u32(), 0}});
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 16 + 12 + 8, 32);
    EXPECT_THAT(error_of(blob), HasSubstr("start of its union"));
}

TEST(TypeGraph, refuses_two_members_or_enumerators_of_one_name) {
    BtfBuilder members;
    const int u32 = members.u32();
    members.record("event", 12, {{"pid", u32, 0}, {"tgid", u32, 32}, {"pid", u32, 64}});
    EXPECT_THAT(error_of(members.blob()),
                AllOf(HasSubstr("'event'"), HasSubstr("two members are named 'pid'")));
    BtfBuilder enumerators;
    btf__add_enum(enumerators.get(), "state", 4);
    btf__add_enum_value(enumerators.get(), "on", 1);
    btf__add_enum_value(enumerators.get(), "on", 2);
    EXPECT_THAT(error_of(enumerators.blob()), HasSubstr("two enumerators are named 'on'"));
}

TEST(TypeGraph, accepts_any_number_of_members_without_a_name) {
    BtfBuilder builder;
    const int u32 = builder.u32();
    builder.record("flags", 4, {{"", u32, 0, 3}, {"", u32, 8, 3}});
    EXPECT_EQ(error_of(builder.blob()), "no error");
}

TEST(TypeGraph, refuses_arrays_larger_than_any_memory) {
    BtfBuilder builder;
    int type = builder.u64();
    for (int i = 0; i < 3; ++i)
        type = builder.array(type, 0xffffffff);
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("larger than any"));
}

TEST(TypeGraph, refuses_functions_without_prototype_and_values_of_functions) {
    BtfBuilder builder;
    btf__add_func(builder.get(), "handle", BTF_FUNC_GLOBAL, builder.u32());
    EXPECT_THAT(error_of(builder.blob()), HasSubstr("not a prototype"));
    BtfBuilder pointing;
    const int prototype = btf__add_func_proto(pointing.get(), 0);
    btf__add_ptr(pointing.get(), btf__add_func(pointing.get(), "handle", BTF_FUNC_GLOBAL, prototype));
    EXPECT_THAT(error_of(pointing.blob()), HasSubstr("as if it were a type"));
}

TEST(TypeGraph, survives_truncation_at_every_byte) {
    const Bytes blob = rich_blob();
    for (std::size_t size = 0; size < blob.size(); ++size)
        EXPECT_NE(error_of(ByteView(blob).first(size)), "no error") << size;
}

TEST(TypeGraph, survives_every_flipped_bit) {
    const Bytes blob = rich_blob();
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
        Bytes flipped = blob;
        flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        refused += error_of(flipped) != "no error";
    }
    EXPECT_GT(refused, blob.size());
}

TEST(TypeGraph, survives_random_words) {
    const Bytes blob = rich_blob();
    std::mt19937 random(42);
    for (int round = 0; round < 20'000; ++round) {
        Bytes damaged = blob;
        for (unsigned i = 0; i < 3; ++i)
            patch_u32(damaged, random() % (blob.size() / 4) * 4, random() >> (random() % 32));
        error_of(damaged);
    }
}

/// A kernel and a module of it.
struct SplitBlobs {
    BtfBuilder base;
    Bytes kernel, module;

    SplitBlobs() {
        const int u32 = base.u32();
        const int device = base.record("device", 8, {{"id", u32, 0}, {"state", u32, 32}});
        kernel = base.blob();
        BtfBuilder own(base);
        own.record("driver", 12, {{"device", device, 0}, {"state", u32, 64}});
        module = own.blob();
    }
};

TEST(SplitTypeGraph, goes_on_where_the_base_ends) {
    const SplitBlobs blobs;
    const auto graph = parse_split_type_graph(blobs.module, "module", blobs.kernel, "vmlinux");
    ASSERT_TRUE(graph) << graph.error().what;
    EXPECT_EQ(graph->first, 3u);
    ASSERT_EQ(graph->types.size(), 4u);
    const Type& driver = graph->at(graph->first);
    EXPECT_EQ(driver.name, "driver");
    EXPECT_EQ(graph->at(driver.members[0].type).name, "device");
    EXPECT_EQ(driver.members[1].name, "state") << "a name of the base";
}

TEST(SplitTypeGraph, is_not_read_without_its_base_or_with_another) {
    const SplitBlobs blobs;
    EXPECT_THAT(error_of(blobs.module), HasSubstr("split BTF"));
    EXPECT_FALSE(parse_split_type_graph(blobs.module, "module", BtfBuilder().blob(), "vmlinux"));
    EXPECT_FALSE(parse_split_type_graph(blobs.module, "module", Bytes(), "vmlinux"));
}

TEST(SplitTypeGraph, names_the_base_if_that_is_wrong) {
    const SplitBlobs blobs;
    const auto graph = parse_split_type_graph(blobs.module, "module", Bytes(4), "vmlinux");
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().where, "vmlinux");
}

TEST(SplitTypeGraph, survives_truncation_and_every_flipped_bit) {
    const SplitBlobs blobs;
    for (std::size_t size = 0; size < blobs.module.size(); ++size)
        (void)parse_split_type_graph(ByteView(blobs.module).first(size), "module", blobs.kernel, "vmlinux");
    for (std::size_t bit = 0; bit < blobs.module.size() * 8; ++bit) {
        Bytes flipped = blobs.module;
        flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        (void)parse_split_type_graph(flipped, "module", blobs.kernel, "vmlinux");
    }
}

TEST(TypeGraph, reads_the_running_kernel) {
    const auto blob = read_file("/sys/kernel/btf/vmlinux");
    ASSERT_TRUE(blob) << "this kernel shows no BTF";
    const auto graph = parse_type_graph(*blob, "vmlinux");
    ASSERT_TRUE(graph) << graph.error().what;
    EXPECT_NE(graph->find(TypeKind::structure, "task_struct"), 0u);
}

} // namespace
