#include "btfgen/c_types.h"
#include "support/files.h"
#include "tests/unit/btfgen/btf_builder.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/btfgen/torture.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* prelude = R"(#include <stdbool.h>
#include <stddef.h>
#ifdef __cplusplus
#define ECC_ASSERT static_assert
#define ECC_ALIGNOF alignof
#else
#define ECC_ASSERT _Static_assert
#define ECC_ALIGNOF _Alignof
#endif
)";

LayoutSet layouts_of(const Bytes& btf) {
    auto graph = parse_type_graph(btf, "test");
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().what);
    auto layouts = compute_layouts(std::move(*graph), "test");
    EXPECT_TRUE(layouts) << (layouts ? "" : layouts.error().what);
    return std::move(*layouts);
}

std::string text_of(const CTypes& types) {
    std::string text = prelude;
    for (const CDefinition& definition : types.definitions) {
        text += definition.text + '\n';
        for (const CAssertion& assertion : definition.assertions)
            text += fmt::format("ECC_ASSERT({}, \"{}\");\n", assertion.condition, assertion.message);
    }
    return text;
}

Result<CTypes> all_of(const LayoutSet& layouts, const CDialect& dialect = c_dialect) {
    return c_types({layouts, all_types(layouts), {}, "test"}, dialect);
}

std::string all_text(const LayoutSet& layouts) {
    auto types = all_of(layouts);
    EXPECT_TRUE(types) << (types ? "" : types.error().what);
    return types ? text_of(*types) : std::string();
}

void expect_compiles_everywhere(const std::string& text) {
    for (const char* target : {"wasm32-wasip1", "x86_64-linux-gnu", "aarch64-linux-gnu"})
        for (const char* language : {"c -std=gnu11", "c -std=gnu23", "c++ -std=c++17", "c++ -std=c++23"}) {
            const ClangResult result = compile(text, language, target, "-Wall -Wextra -Wpadded -Werror");
            EXPECT_EQ(result.status, 0) << target << ' ' << language << '\n' << result.messages;
        }
}

/// The layouts of the torture types as clang's BPF target has them.
const LayoutSet& torture() {
    static const LayoutSet layouts =
        layouts_of(btf_of(compile_bpf(std::string(torture_types) + torture_variables)));
    return layouts;
}

TEST(CTypes, say_every_torture_type_exactly_on_every_target) {
    const std::string text = all_text(torture());
    EXPECT_THAT(text, HasSubstr("struct fn_name_data {"));
    EXPECT_GT(std::ranges::count(text, '\n'), 300);
    expect_compiles_everywhere(text);
}

TEST(CTypes, say_the_same_in_cpp_with_enumerations_of_every_size) {
    auto types = all_of(torture(), cpp_dialect);
    ASSERT_TRUE(types) << types.error().what;
    const std::string text =
        "namespace std { using uint8_t = unsigned char; using uint16_t = "
        "unsigned short; using uint32_t = unsigned; using uint64_t = unsigned long long; using "
        "int8_t = signed char; using int16_t = short; using int32_t = int; using int64_t = "
        "long long; }\n" +
        text_of(*types);
    EXPECT_THAT(text, HasSubstr("enum tiny : std::uint8_t {"));
    EXPECT_THAT(text, HasSubstr("enum large : std::uint64_t {"));
    EXPECT_THAT(text, HasSubstr("\tenum tiny t;"));
    for (const char* target : {"wasm32-wasip1", "x86_64-linux-gnu", "aarch64-linux-gnu"}) {
        const ClangResult result = compile(text, "c++ -std=c++17", target, "-Wall -Wextra -Wpadded -Werror");
        EXPECT_EQ(result.status, 0) << target << '\n' << result.messages;
    }
}

TEST(CTypes, rename_in_cpp_an_anonymous_member_with_the_name_of_its_struct) {
    const LayoutSet layouts = layouts_of(btf_of(
        compile_bpf("struct irte { union { unsigned long irte; struct { int low, high; }; }; int last; };\n"
                    "struct node { struct node *node; };\n"
                    "struct irte keep_irte; struct node keep_node;\n")));
    auto types = all_of(layouts, cpp_dialect);
    ASSERT_TRUE(types) << types.error().what;
    EXPECT_THAT(text_of(*types), AllOf(HasSubstr(" irte___2;"), HasSubstr(" node;")));
    auto in_c = all_of(layouts);
    ASSERT_TRUE(in_c) << in_c.error().what;
    EXPECT_THAT(text_of(*in_c), AllOf(HasSubstr(" irte;"), HasSubstr(" node;")));
}

TEST(CTypes, know_the_bytes_of_each_bitfield) {
    auto types = all_of(torture());
    ASSERT_TRUE(types) << types.error().what;
    std::vector<std::string> found;
    for (const CDefinition& definition : types->definitions)
        for (const CBitfieldAssertion& bits : definition.bitfields)
            if (bits.record == "struct packed_bits" || bits.record == "struct signed_bits")
                found.push_back(fmt::format("{} = {}: {}", bits.path, bits.ones, bits.condition));
    EXPECT_THAT(found,
                ::testing::ElementsAre(
                    "a = -1: bytes[0] == 0x07",
                    "b = -1: bytes[0] == 0xf8 && bytes[1] == 0xff && bytes[2] == 0xff && bytes[3] == 0xff "
                    "&& bytes[4] == 0xff && bytes[5] == 0xff && bytes[6] == 0x1f",
                    "c = -1: bytes[6] == 0x60", //
                    "b = 0xfffffULL: bytes[1] == 0xff && bytes[2] == 0xff && bytes[3] == 0x0f",
                    "c = 0xfffffULL: bytes[3] == 0xf0 && bytes[4] == 0xff && bytes[5] == 0xff",
                    "d = 0x1ffffffffULL: bytes[6] == 0xff && bytes[7] == 0xff && bytes[8] == 0xff && "
                    "bytes[9] == 0xff && bytes[10] == 0x01"));
}

TEST(CTypes, have_assertions_that_notice_a_wrong_layout) {
    std::string text = all_text(torture());
    const std::string member = "unsigned long long fn; /* function * */\n\tchar name[16];";
    ASSERT_NE(text.find(member), std::string::npos);
    text.replace(text.find(member), member.size(), "void *fn; char name[16];");
    EXPECT_NE(compile(text, "c", "wasm32-wasip1", "").status, 0);
    EXPECT_EQ(compile(text, "c", "x86_64-linux-gnu", "").status, 0);
}

struct Bitfield {
    const RecordLayout* record;
    const MemberLayout* member;
};

std::vector<Bitfield> bitfields(const LayoutSet& layouts) {
    std::vector<Bitfield> found;
    for (const RecordLayout& record : layouts.records)
        for (const MemberLayout& member : record.members)
            if (member.bitfield && !record.name.empty())
                found.push_back({&record, &member});
    return found;
}

std::string probe_name(std::size_t index) {
    return fmt::format("PROBE#{:06}", index);
}

/// A variable per bitfield with all of its bits set, behind a mark that can be found in any object file.
std::string probes(const std::vector<Bitfield>& fields) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
        text += fmt::format("struct {{ char mark[12]; {} {} value; }} __attribute__((packed)) probe_{} = "
                            "{{ \"{}\", {{ .{} = -1 }} }};\n",
                            fields[i].record->is_union ? "union" : "struct", fields[i].record->name, i,
                            probe_name(i), fields[i].member->name);
    return text;
}

void expect_bits(const Bytes& object, const std::vector<Bitfield>& fields, const char* target) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& [record, member] = fields[i];
        Bytes expected(record->size);
        for (std::uint64_t bit = member->offset_bits; bit < member->offset_bits + member->size_bits; ++bit)
            expected[bit / 8] |= static_cast<std::uint8_t>(1u << (bit % 8));
        const std::size_t mark = as_text(object).find(probe_name(i));
        ASSERT_NE(mark, std::string_view::npos) << target;
        const auto value = ByteView(object).subspan(mark + 12, record->size);
        EXPECT_TRUE(std::ranges::equal(value, expected))
            << target << ": " << record->name << '.' << member->name;
    }
}

TEST(CTypes, place_every_bit_of_bitfields_where_the_bpf_program_has_it) {
    const auto fields = bitfields(torture());
    ASSERT_GE(fields.size(), 25u);
    const std::string mine = all_text(torture()) + probes(fields);
    for (const char* target : {"wasm32-wasip1", "x86_64-linux-gnu", "aarch64-linux-gnu"}) {
        const ClangResult result = compile(mine, "c", target, "-Wno-everything");
        ASSERT_EQ(result.status, 0) << result.messages;
        expect_bits(result.object, fields, target);
    }
    expect_bits(compile_bpf(std::string(torture_types) + probes(fields)), fields, "bpf");
}

TEST(CTypes, say_the_whole_running_kernel) {
    const auto blob = read_file("/sys/kernel/btf/vmlinux");
    ASSERT_TRUE(blob) << "this kernel shows no BTF";
    const std::string text = all_text(layouts_of(*blob));
    for (const char* language : {"c", "c++"}) {
        const ClangResult result = compile(text, language, "wasm32-wasip1", "-Wall -Wextra -Wpadded -Werror");
        EXPECT_EQ(result.status, 0) << result.messages.substr(0, 4000);
    }
}

TEST(CTypes, define_only_what_the_roots_contain) {
    const LayoutSet& layouts = torture();
    const auto types = c_types({layouts, {{layouts.find("with_cache_line")->type, {}}}, {}, "test"});
    ASSERT_TRUE(types);
    ASSERT_EQ(types->definitions.size(), 2u);
    EXPECT_THAT(types->definitions[0].text, HasSubstr("struct cache_line {"));
    EXPECT_THAT(types->definitions[1].text, HasSubstr("struct with_cache_line {"));
}

TEST(CTypes, tell_what_a_pointer_pointed_to) {
    const LayoutSet& layouts = torture();
    const auto types = c_types({layouts, {{layouts.find("list")->type, {}}}, {}, "test"});
    ASSERT_TRUE(types);
    EXPECT_THAT(types->definitions[0].text, HasSubstr("unsigned long long next; /* struct list * */"));
}

TEST(CTypes, give_unnamed_roots_the_name_they_are_offered) {
    BtfBuilder builder;
    const int unnamed = builder.record("", 4, {{"x", builder.u32(), 0}});
    const LayoutSet layouts = layouts_of(builder.blob());
    const auto types = c_types({layouts, {{static_cast<TypeId>(unnamed), "counts_value"}}, {}, "test"});
    ASSERT_TRUE(types);
    EXPECT_THAT(types->definitions[0].text, HasSubstr("struct counts_value {"));
}

TEST(CTypes, define_the_typedefs_that_lead_to_a_root) {
    BtfBuilder builder;
    const int event = builder.record("event", 4, {{"x", builder.u32(), 0}});
    const int alias = btf__add_typedef(builder.get(), "event_t", event);
    const LayoutSet layouts = layouts_of(builder.blob());
    const auto types = c_types({layouts, {{static_cast<TypeId>(alias), {}}}, {}, "test"});
    ASSERT_TRUE(types);
    EXPECT_THAT(text_of(*types), HasSubstr("typedef struct event event_t;"));
    expect_compiles_everywhere(text_of(*types) + "event_t e;\n");
}

TEST(CTypes, keep_clashing_names_apart) {
    BtfBuilder builder;
    btf* types = builder.get();
    const int u32 = builder.u32();
    builder.record("same", 4, {{"x", u32, 0}});
    builder.record("same", 8, {{"x", u32, 0}, {"y", u32, 32}});
    builder.union_of("same", 4, {{"x", u32, 0}});
    const int unnamed = builder.record("", 4, {{"y", u32, 0}});
    btf__add_typedef(types, "same", unnamed);
    for (int i = 0; i < 2; ++i) {
        btf__add_enum(types, "same", 4);
        btf__add_enum_value(types, "same", 0);
        btf__add_enum_value(types, "true", 1);
    }
    expect_compiles_everywhere(all_text(layouts_of(builder.blob())));
}

TEST(CTypes, let_no_name_of_the_blob_out_of_its_place) {
    BtfBuilder builder;
    const int forward = btf__add_fwd(builder.get(), "x */ int injected; /*", BTF_FWD_STRUCT);
    const int pointer = btf__add_ptr(builder.get(), forward);
    builder.record("a { int b; }; struct c", 8, {{"d; int e", pointer, 0}});
    const std::string text = all_text(layouts_of(builder.blob()));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("struct c {")));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("*/ int injected")));
    expect_compiles_everywhere(text);
}

TEST(CTypes, render_scalars_that_c_has_no_type_for_as_bytes) {
    BtfBuilder builder;
    const int odd = builder.integer("odd", 3);
    const int half = btf__add_float(builder.get(), "half", 2);
    const int extended = btf__add_float(builder.get(), "long double", 16);
    const int i386 = btf__add_float(builder.get(), "long double", 12);
    builder.record(
        "s", 48,
        {{"a", odd, 0}, {"b", half, 32}, {"c", extended, 128}, {"d", i386, 256}, {"e", odd, 352, 20}});
    expect_compiles_everywhere(all_text(layouts_of(builder.blob())));
}

TEST(CTypes, refuse_records_that_wasm32_cannot_address) {
    BtfBuilder builder;
    builder.record("huge", 0xfffffff0, {{"x", builder.u32(), 0}});
    const LayoutSet layouts = layouts_of(builder.blob());
    const auto types = all_of(layouts);
    ASSERT_FALSE(types);
    EXPECT_THAT(types.error().what, HasSubstr("huge"));
}

TEST(CTypes, refuse_anonymous_structs_that_double_without_end) {
    BtfBuilder builder;
    int inner = builder.record("", 0, {});
    for (int depth = 0; depth < 60; ++depth)
        inner = builder.record("", 0, {{"", inner, 0}, {"", inner, 0}});
    builder.record("bomb", 0, {{"", inner, 0}});
    const LayoutSet layouts = layouts_of(builder.blob());
    const auto types = all_of(layouts);
    ASSERT_FALSE(types);
    EXPECT_THAT(types.error().what, HasSubstr("expands to more than"));
}

TEST(CTypes, survive_every_flipped_bit_of_a_blob) {
    BtfBuilder builder;
    const int u32 = builder.u32();
    const int inner = builder.record("", 8, {{"a", u32, 0, 5}, {"b", u32, 5, 20}, {"c", builder.u8(), 32}});
    builder.record("event", 24,
                   {{"x", u32, 0}, {"", inner, 32}, {"text", builder.array(builder.character(), 8), 96}});
    const Bytes blob = builder.blob();
    std::size_t rendered = 0;
    for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
        Bytes flipped = blob;
        flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        auto graph = parse_type_graph(flipped, "test");
        if (!graph)
            continue;
        const auto layouts = compute_layouts(std::move(*graph), "test");
        rendered += layouts && all_of(*layouts);
    }
    EXPECT_GT(rendered, 100u);
}

} // namespace
