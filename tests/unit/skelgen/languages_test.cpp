#include "btfgen/opaque_types.h"
#include "btfgen/type_graph.h"
#include "skelgen/render.h"
#include "tests/unit/btfgen/btf_builder.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/btfgen/torture.h"
#include "tests/unit/skelgen/objects.h"
#include "tests/unit/skelgen/other_compilers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Renderer renderer(ECC_SOURCE_DIR "/templates");

LayoutSet layouts_of(const Bytes& btf) {
    auto graph = parse_type_graph(btf, "test");
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().what);
    auto layouts = compute_layouts(std::move(*graph), "test");
    EXPECT_TRUE(layouts) << (layouts ? "" : layouts.error().what);
    return std::move(*layouts);
}

const LayoutSet& torture() {
    static const LayoutSet layouts =
        layouts_of(btf_of(compile_bpf(std::string(torture_types) + torture_variables)));
    return layouts;
}

std::string text_of(const LayoutSet& layouts, Language language) {
    const auto file = renderer.types(layouts, "test", language, {.assertions = true});
    EXPECT_TRUE(file) << (file ? "" : file.error().what);
    return file ? file->text : std::string();
}

CompilerResult check(const std::string& text, Language language) {
    if (language == Language::rust)
        return check_rust(text);
    CompilerResult host = check_go(text, "linux/amd64");
    return host.status == 0 ? check_go(text, "wasip1/wasm") : host;
}

class PlainLanguage : public ::testing::TestWithParam<Language> {
protected:
    static void expect_compiles(const LayoutSet& layouts) {
        const auto result = check(text_of(layouts, GetParam()), GetParam());
        EXPECT_EQ(result.status, 0) << result.messages.substr(0, 4000);
    }
};
INSTANTIATE_TEST_SUITE_P(Types, PlainLanguage, ::testing::Values(Language::rust, Language::go),
                         [](const auto& language) {
                             return language.param == Language::rust ? "rust" : "go";
                         });

TEST_P(PlainLanguage, says_every_torture_type_exactly) {
    expect_compiles(torture());
}

TEST_P(PlainLanguage, has_assertions_that_notice_a_wrong_layout) {
    std::string text = text_of(torture(), GetParam());
    const bool rust = GetParam() == Language::rust;
    const std::string member = rust ? "pub k: u16," : "K uint16";
    const auto at = text.find(member);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, member.size(), rust ? "pub k: u32," : "K uint32");
    EXPECT_THAT(check(text, GetParam()).messages, HasSubstr(rust ? "assert" : "out of bounds"));
}

TEST_P(PlainLanguage, has_assertions_that_notice_a_misplaced_bitfield) {
    std::string text = text_of(torture(), GetParam());
    const bool rust = GetParam() == Language::rust;
    const std::string member = rust ? "pub e: [u8; 3]" : "bytes0 [3]byte";
    const std::string bits = rust ? "bits(&self._bytes0, 3, 50)" : "Offsetof(v.bytes0)*8+3-3]";
    const auto at = text.find(bits);
    ASSERT_NE(at, std::string::npos) << member;
    text.replace(at, bits.size(), rust ? "bits(&self._bytes0, 4, 50)" : "Offsetof(v.bytes0)*8+4-3]");
    EXPECT_NE(check(text, GetParam()).status, 0);
}

TEST_P(PlainLanguage, keeps_clashing_names_and_keywords_apart) {
    BtfBuilder builder;
    const int u32 = builder.u32();
    builder.record("same", 4, {{"x", u32, 0}});
    builder.record("Same", 8, {{"x", u32, 0}, {"X", u32, 32}});
    builder.union_of("same", 8, {{"x", u32, 0, 3}, {"set_x", u32, 0}, {"X", u32, 0}, {"x_mut", u32, 0}});
    builder.record("Option", 16,
                   {{"type", u32, 0}, {"self", u32, 32}, {"func", u32, 64, 3}, {"Self", u32, 96}});
    builder.record("Ptr", 8, {{"_pad0", builder.u8(), 0}, {"_", u32, 32}});
    builder.record("_", 4, {{"bytes0", u32, 0}});
    for (int i = 0; i < 2; ++i) {
        btf__add_enum(builder.get(), "same", 4);
        for (const char* name : {"name", "true", "A", "a", "Self"})
            btf__add_enum_value(builder.get(), name, 1);
    }
    btf__add_enum(builder.get(), "", 4);
    for (const char* name : {"bits", "Same", "match", "a"})
        btf__add_enum_value(builder.get(), name, -1);
    expect_compiles(layouts_of(builder.blob()));
}

TEST_P(PlainLanguage, lets_no_name_of_the_blob_out_of_its_place) {
    BtfBuilder builder;
    const int forward =
        btf__add_fwd(builder.get(), "x */ fn injected() {} func injected() {}", BTF_FWD_STRUCT);
    const int pointer = btf__add_ptr(builder.get(), forward);
    builder.record("a { b: u8 } struct c", 16,
                   {{"d: u8, injected", pointer, 0}, {"\"", builder.u8(), 64, 3}});
    btf__add_enum(builder.get(), "e\"f", 4);
    btf__add_enum_value(builder.get(), "\"); injected(\"", 1);
    const LayoutSet layouts = layouts_of(builder.blob());
    EXPECT_THAT(text_of(layouts, GetParam()), Not(HasSubstr("struct c {")));
    expect_compiles(layouts);
}

TEST_P(PlainLanguage, says_what_has_no_type_of_its_own) {
    BtfBuilder builder;
    const int odd = builder.integer("odd", 3);
    const int extended = btf__add_float(builder.get(), "long double", 16);
    const int wide = builder.integer("__int128", 16, BTF_INT_SIGNED);
    const int word = builder.integer("_Bool", 4, BTF_INT_BOOL);
    const int large = btf__add_enum(builder.get(), "large", 8);
    builder.record("s", 96,
                   {{"a", odd, 0},
                    {"c", extended, 128},
                    {"d", wide, 256, 100},
                    {"e", wide, 356, 10},
                    {"f", word, 512},
                    {"g", large, 576},
                    {"h", wide, 640}});
    builder.record("packed", 41,
                   {{"a", builder.u8(), 0}, {"b", wide, 8}, {"c", large, 136}, {"d", extended, 200}});
    expect_compiles(layouts_of(builder.blob()));
}

TEST_P(PlainLanguage, says_a_type_as_bytes_that_is_allowed_to_be_opaque) {
    BtfBuilder builder;
    const int u32 = builder.u32();
    const int odd = builder.record("overlapping", 8, {{"a", u32, 0}, {"b", u32, 16}});
    builder.record("event", 12, {{"pid", u32, 0}, {"strange", odd, 32}});
    auto graph = parse_type_graph(builder.blob(), "test");
    ASSERT_TRUE(graph);
    const auto refused = compute_layouts(*graph, "test");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, AllOf(HasSubstr("'overlapping'"), HasSubstr("'b'")));
    EXPECT_THAT(refused.error().hint, HasSubstr("--allow-opaque"));
    ASSERT_TRUE(allow_opaque(*graph, {"struct overlapping"}));
    const auto layouts = compute_layouts(*graph, "test");
    ASSERT_TRUE(layouts) << layouts.error().what;
    expect_compiles(*layouts);
    const bool rust = GetParam() == Language::rust;
    EXPECT_THAT(text_of(*layouts, GetParam()), HasSubstr(rust ? "pub bytes: [u8; 6]" : "Bytes [6]uint8"));
}

constexpr std::array every_language = {Language::c, Language::cpp, Language::rust, Language::go};

/// Members at bytes 0, 8 (two of them), 16 and 20, and bitfields around two that overlap.
LayoutSet opaque_layouts() {
    BtfBuilder builder;
    const int u32 = builder.u32(), u64 = builder.u64();
    builder.record("mixed", 32,
                   {{"kind", u32, 0},
                    {"wide", u64, 64},
                    {"narrow", u32, 64},
                    {"before", u32, 128, 3},
                    {"one", u32, 131, 10},
                    {"two", u32, 135, 10},
                    {"after", u32, 145, 5},
                    {"last", u32, 160}});
    auto graph = parse_type_graph(builder.blob(), "test");
    EXPECT_TRUE(graph && allow_opaque(*graph, {"mixed"}));
    auto layouts = compute_layouts(std::move(*graph), "test");
    EXPECT_TRUE(layouts) << (layouts ? "" : layouts.error().what);
    return std::move(*layouts);
}

TEST(OpaqueTypes, keep_their_alignment_and_the_members_that_can_be_said) {
    const LayoutSet layouts = opaque_layouts();
    const RecordLayout& mixed = *layouts.find("mixed");
    std::vector<std::string> members;
    for (const MemberLayout& member : mixed.members)
        members.push_back(fmt::format("{} {}+{}", member.name, member.offset_bits, member.size_bits));
    EXPECT_THAT(members, ElementsAre("kind 0+32", "bytes 64+64", "bytes 128+24", "last 160+32"));
    EXPECT_EQ(mixed.size, 32u);
    EXPECT_EQ(mixed.alignment, 8u);
}

TEST(OpaqueTypes, are_asserted_in_every_language) {
    const LayoutSet layouts = opaque_layouts();
    for (const Language language : every_language) {
        const std::string text = text_of(layouts, language);
        EXPECT_THAT(text, ContainsRegex("(align|Align).*mixed.*8|align_of.*Mixed.* == 8|Alignof\\(v\\)-8"));
        if (language == Language::rust || language == Language::go) {
            EXPECT_EQ(check(text, language).status, 0) << text;
            continue;
        }
        const auto result =
            compile(text, language == Language::c ? "c" : "c++ -std=c++20", "wasm32-wasip1",
                    "-isystem /usr/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi "
                    "-Wall -Wextra -Wpadded -Werror -Wno-pragma-once-outside-header");
        EXPECT_EQ(result.status, 0) << result.messages << text;
    }
}

TEST(OpaqueTypes, stay_as_they_are_if_they_can_be_said) {
    BtfBuilder builder;
    builder.record("plain", 16, {{"a", builder.u32(), 0}, {"b", builder.u64(), 64}});
    auto graph = parse_type_graph(builder.blob(), "test");
    ASSERT_TRUE(graph && allow_opaque(*graph, {"plain"}));
    const auto layouts = compute_layouts(std::move(*graph), "test");
    ASSERT_TRUE(layouts);
    EXPECT_THAT(text_of(*layouts, Language::rust),
                AllOf(HasSubstr("pub b: u64"), Not(HasSubstr("pub bytes"))));
}

TEST(OpaqueTypes, must_be_there) {
    BtfBuilder builder;
    builder.record("event", 4, {{"pid", builder.u32(), 0}});
    auto graph = parse_type_graph(builder.blob(), "test");
    ASSERT_TRUE(graph);
    const auto made = allow_opaque(*graph, {"evnt"});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::usage);
    EXPECT_THAT(made.error().what, HasSubstr("evnt"));
}

TEST_P(PlainLanguage, refuses_records_that_wasm32_cannot_address) {
    BtfBuilder builder;
    builder.record("huge", 0xfffffff0, {{"x", builder.u32(), 0}});
    const auto file = renderer.types(layouts_of(builder.blob()), "test", GetParam(), {});
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("huge"));
}

TEST_P(PlainLanguage, refuses_anonymous_structs_that_double_without_end) {
    BtfBuilder builder;
    int inner = builder.record("", 0, {});
    for (int depth = 0; depth < 60; ++depth)
        inner = builder.record("", 0, {{"", inner, 0}, {"", inner, 0}});
    builder.record("bomb", 0, {{"", inner, 0}});
    const auto file = renderer.types(layouts_of(builder.blob()), "test", GetParam(), {});
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("expands to more than"));
}

TEST(Comments, of_a_record_are_not_on_what_aligns_it_in_rust) {
    const BindingModel model = golden_model(
        "events", {.records = {{"events", {{"event", {}}}}}, .docs = {{"struct event.detail", "Depends."}}});
    const auto file = renderer.types(model, Language::rust, {});
    ASSERT_TRUE(file);
    EXPECT_THAT(file->text, AllOf(HasSubstr("/// Depends.\n        pub detail:"), HasSubstr("_align0: "),
                                  Not(HasSubstr("/// Depends.\n        pub _align0"))));
}

TEST_P(PlainLanguage, carries_the_comments_of_the_source) {
    BindingModel model = golden_model("events", {});
    model.annotations.docs = {{"struct event", "One\nopen."},
                              {"enum outcome", "How it ended."},
                              {"enum outcome.FAILED", "Not well."},
                              {"struct event.comm", "Who."},
                              {"struct event.minor_code", "Inside a union."},
                              {"struct event.detail.number", "Inside a member."},
                              {"struct event.low", "A bitfield."}};
    model.annotations.records["events"] = {{"event", {}}};
    const auto with_records = make_binding_model(model.object, model.annotations, "events");
    ASSERT_TRUE(with_records);
    const auto file = renderer.types(*with_records, GetParam(), {});
    ASSERT_TRUE(file);
    for (const char* doc : {"One open.", "How it ended.", "Not well.", "Who.", "Inside a union.",
                            "Inside a member.", "A bitfield."})
        EXPECT_THAT(file->text, HasSubstr(doc));
}

} // namespace
