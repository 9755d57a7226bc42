#include "compiler/analysis/layout_check.h"
#include "tests/unit/analysis/clang_runs.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// What the BPF program shares is the type of its globals.
LayoutSet layouts_of(const std::string& bpf_source) {
    const ClangOutcome outcome = compile_bpf(bpf_source);
    EXPECT_TRUE(outcome.ok) << outcome.diagnostics;
    auto layouts = compute_layouts(types_of(outcome.object), "object");
    EXPECT_TRUE(layouts) << layouts.error().what;
    return layouts ? *std::move(layouts) : LayoutSet{};
}

std::set<std::string> all_names(const LayoutSet& layouts) {
    std::set<std::string> names;
    for (const RecordLayout& record : layouts.records)
        names.insert(record.name);
    return names;
}

/// clang's messages about `user_source`; nothing if it agrees.
std::string check(const std::string& bpf_source, const std::string& user_source,
                  const std::string& language = "c") {
    const LayoutSet layouts = layouts_of(bpf_source);
    return compile_wasm(
               user_source, language,
               [&](clang::ASTContext& context) { check_layouts(context, layouts, all_names(layouts)); })
        .diagnostics;
}

/// The same definition on both sides, as a header gives it.
std::string check_shared(const std::string& definition) {
    return check(definition + " struct event e;", definition);
}

TEST(LayoutCheck, accepts_types_of_the_same_bytes) {
    EXPECT_THAT(
        check_shared("struct event { unsigned long long ts; int pid; char comm[16]; union { int a; char b; };"
                     " unsigned flag : 3, rest : 5; short tail[]; };"),
        IsEmpty());
}

TEST(LayoutCheck, accepts_other_names_and_explicit_padding) {
    EXPECT_THAT(check("struct event { int class; long long b; }; struct event e;",
                      "struct event { int class_; char pad[4]; long long b; };"),
                IsEmpty());
}

TEST(LayoutCheck, names_a_long_that_shrinks_and_its_replacement) {
    const std::string text = check_shared("struct event { int pid;\n long delta; int tail; };");
    EXPECT_THAT(
        text,
        HasSubstr("2:7: error: member 'delta' of 'struct event' has offset 8, size 8 in the BPF program, "
                  "but offset 4, size 4 in Wasm"));
    EXPECT_THAT(text, HasSubstr("note: 'long' is 4 bytes in Wasm: use '__s64'"));
    EXPECT_THAT(text, Not(HasSubstr("'tail'"))); // a consequence
}

TEST(LayoutCheck, names_a_typedef_of_long_and_arrays_of_it) {
    EXPECT_THAT(check_shared("typedef unsigned long size_type; struct event { size_type slots[2]; };"),
                AllOf(HasSubstr("size 16 in the BPF program, but offset 0, size 8 in Wasm"),
                      HasSubstr("note: 'size_type' is 4 bytes in Wasm: use '__u64'")));
}

TEST(LayoutCheck, names_a_flexible_array_whose_elements_shrink) {
    const std::string head = "struct event { unsigned pid, count; ";
    EXPECT_THAT(
        check_shared(head + "unsigned long ips[]; };"),
        AllOf(HasSubstr("elements of member 'ips' of 'struct event' have size 8 in the BPF program, but 4"),
              HasSubstr("use '__u64'")));
    EXPECT_THAT(check_shared(head + "long rows[0][2]; };"), HasSubstr("elements of member 'rows'"));
    EXPECT_THAT(check_shared(head + "void *stack[]; };"), HasSubstr("note: a pointer is 4 bytes in Wasm"));
    EXPECT_THAT(check_shared(head + "struct { long from; } calls[]; };"), HasSubstr("member 'from'"));
    EXPECT_THAT(check_shared(head + "struct place { long from; } calls[]; };"), HasSubstr("member 'from'"));
    EXPECT_EQ(check_shared(head + "long long ips[]; };"), "");
    EXPECT_EQ(check_shared(head + "char text[]; };"), "");
    EXPECT_EQ(check_shared(head + "struct { int from, to; } calls[0]; };"), "");
}

TEST(LayoutCheck, names_a_pointer) {
    EXPECT_THAT(
        check_shared("struct event { void *task; int pid; };"),
        AllOf(HasSubstr("member 'task' of 'struct event'"), HasSubstr("note: a pointer is 4 bytes in Wasm")));
}

TEST(LayoutCheck, looks_into_unnamed_structs) {
    EXPECT_THAT(check_shared("struct event { int kind; union { long a; int b; }; };"),
                HasSubstr("member 'a'"));
    EXPECT_THAT(check_shared("struct event { struct { char c; long line; } where; };"),
                HasSubstr("member 'line' of 'struct event.where'"));
}

TEST(LayoutCheck, blames_the_inner_struct_once) {
    const std::string text =
        check_shared("struct in { long a; }; struct event { struct in x; struct in y; };");
    EXPECT_THAT(text, HasSubstr("member 'a' of 'struct in'"));
    EXPECT_THAT(text, HasSubstr("1 error generated"));
}

TEST(LayoutCheck, names_the_first_displaced_member_if_all_sizes_agree) {
    const std::string text =
        check("struct event { char a; int b; int c; } __attribute__((packed)); struct event e;",
              "struct event { char a; int b; int c; };");
    EXPECT_THAT(
        text,
        HasSubstr("member 'b' of 'struct event' has offset 1, size 4 in the BPF program, but offset 4"));
    EXPECT_THAT(text, HasSubstr("NAME.types.h"));
    EXPECT_THAT(text, Not(HasSubstr("member 'c'")));
}

TEST(LayoutCheck, names_a_bitfield_in_bits) {
    EXPECT_THAT(
        check("struct event { unsigned a : 3, b : 5; }; struct event e;",
              "struct event { unsigned a : 4, b : 4; };"),
        HasSubstr("member 'a' of 'struct event' has offset 0, size 3 bits in the BPF program, but offset 0, "
                  "size 4 bits in Wasm"));
}

TEST(LayoutCheck, names_a_struct_of_another_size_or_kind) {
    EXPECT_THAT(check("struct event { int a; int b; }; struct event e;", "struct event { int a; };"),
                HasSubstr("'struct event' has 8 bytes in the BPF program, but 4 in Wasm"));
    EXPECT_THAT(check("struct event { int a; }; struct event e;", "union event { int a; };"),
                HasSubstr("'union event' is a struct in the BPF program"));
}

TEST(LayoutCheck, reads_typedef_names_and_structs_inside_functions) {
    EXPECT_THAT(
        check("typedef struct { long a; } event_t; event_t e;", "typedef struct { long a; } event_t;"),
        HasSubstr("member 'a' of 'struct event_t'"));
    EXPECT_THAT(
        check("struct event { long a; }; struct event e;", "void f(void) { struct event { long a; }; }"),
        HasSubstr("member 'a' of 'struct event'"));
}

TEST(LayoutCheck, reads_cxx_classes_namespaces_and_bases) {
    const std::string bpf = "struct event { int a; long b; }; struct event e;";
    EXPECT_THAT(check(bpf, "namespace tool { class event { int a; long b; }; }", "c++"),
                HasSubstr("member 'b'"));
    EXPECT_THAT(check(bpf, "struct base { int a; }; struct event : base { long b; };", "c++"),
                HasSubstr("member 'b'"));
    EXPECT_THAT(check(bpf, "template <class T> struct event { T a; T b; };", "c++"), IsEmpty());
}

TEST(LayoutCheck, leaves_names_alone_that_are_not_shared) {
    const LayoutSet layouts = layouts_of("struct timespec { long a; long b; }; struct timespec t;");
    const auto outcome =
        compile_wasm("struct timespec { long long a; long b; };", "c",
                     [&](clang::ASTContext& context) { check_layouts(context, layouts, {"event"}); });
    EXPECT_THAT(outcome.diagnostics, IsEmpty());
    EXPECT_TRUE(outcome.ok);
}

TEST(LayoutCheck, stops_the_compilation) {
    const LayoutSet layouts = layouts_of("struct event { long a; }; struct event e;");
    EXPECT_FALSE(compile_wasm("struct event { long a; };", "c", [&](clang::ASTContext& context) {
                     check_layouts(context, layouts, {"event"});
                 }).ok);
}

TEST(SharedRecordNames, hold_what_roots_contain_by_value) {
    const LayoutSet layouts = layouts_of("struct in { int a; }; struct far { int a; };"
                                         "typedef struct { struct in list[2]; struct far *link; } event_t;"
                                         "event_t e; struct far other;");
    const TypeId root = layouts.graph.find(TypeKind::type_def, "event_t");
    EXPECT_THAT(shared_record_names(layouts, std::vector{root}), UnorderedElementsAre("event_t", "in"));
}

} // namespace
