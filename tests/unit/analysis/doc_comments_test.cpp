#include "compiler/analysis/doc_comments.h"
#include "tests/unit/analysis/clang_runs.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

struct Found {
    Annotations annotations;
    std::string diagnostics;
};

Found docs_of(const std::string& source) {
    Found found;
    const auto outcome =
        compile_bpf(source, [&](clang::ASTContext& context) { collect_docs(context, found.annotations); });
    EXPECT_TRUE(outcome.ok) << outcome.diagnostics;
    found.diagnostics = outcome.diagnostics;
    return found;
}

TEST(DocComments, are_read_from_programs_maps_and_globals) {
    const auto docs = docs_of("/// Counts opens.\n"
                              "SEC(\"tp/x\") int count(void *c) { return 0; }\n"
                              "/** Where events\n * go. */\n"
                              "struct { int (*type)[27]; int (*max_entries)[4096]; } events SEC(\".maps\");\n"
                              "const volatile int pid; ///< only this one\n")
                          .annotations.docs;
    EXPECT_THAT(docs, Contains(Pair("count", "Counts opens.")));
    EXPECT_THAT(docs, Contains(Pair("events", "Where events go.")));
    EXPECT_THAT(docs, Contains(Pair("pid", "only this one")));
}

TEST(DocComments, say_which_records_go_through_a_map) {
    const auto found =
        docs_of("/// Events.\n/// @record struct opened\n/// @record closed_t\n/// @record bare\n"
                "/// @record enum state\n/// @record absent\n"
                "struct { int (*type)[27]; } events SEC(\".maps\");\n"
                "struct opened { int a; }; typedef struct { long b; } closed_t;"
                "struct bare { char c; }; enum state { on };\n");
    EXPECT_THAT(found.annotations.records,
                ElementsAre(Pair("events",
                                 ElementsAre(TypeReference{"struct opened", "4 a:0:32"},
                                             TypeReference{"closed_t", "8 b:0:64"},
                                             TypeReference{"struct bare", "1 c:0:8"},
                                             TypeReference{"enum state", ""}, TypeReference{"absent", ""}))));
    EXPECT_THAT(found.annotations.docs, Contains(Pair("events", "Events.")));
}

TEST(DocComments, tell_a_struct_from_a_typedef_of_its_name) {
    const auto found = docs_of("/// @record event\n/// @record struct event\n"
                               "struct { int (*type)[27]; } events SEC(\".maps\");\n"
                               "struct event { int a; }; typedef struct { long b; } event;\n");
    EXPECT_THAT(found.annotations.records,
                ElementsAre(Pair("events", ElementsAre(TypeReference{"event", "8 b:0:64"},
                                                       TypeReference{"struct event", "4 a:0:32"}))));
}

TEST(DocComments, at_the_licence_describe_the_whole_program) {
    const auto docs =
        docs_of("/// Shows opens.\nchar any_name[] SEC(\"license\") = \"GPL\";\n").annotations.docs;
    EXPECT_THAT(docs, Contains(Pair("", "Shows opens.")));
}

TEST(DocComments, belong_to_one_declaration_of_a_line_or_to_all_declarators_of_it) {
    const auto docs = docs_of("struct event { int a; /**< of a */ int b; /**< of b */ };\n"
                              "struct late { int none; int last; ///< of last\n"
                              "};\n"
                              "struct first { /** of x */ int x; int y; /** of z */ int z; };\n"
                              "struct both { int left, right; ///< of both\n"
                              "};\n"
                              "struct event e; struct late l; struct both bo; struct first f;\n"
                              "int one = 1; int two = 2; ///< of two\n")
                          .annotations.docs;
    EXPECT_THAT(docs,
                UnorderedElementsAre(Pair("struct event.a", "of a"), Pair("struct event.b", "of b"),
                                     Pair("struct late.last", "of last"), Pair("struct first.x", "of x"),
                                     Pair("struct first.z", "of z"), Pair("struct both.left", "of both"),
                                     Pair("struct both.right", "of both"), Pair("two", "of two")));
}

TEST(DocComments, are_read_from_enumerations_and_their_values) {
    const auto docs = docs_of("/** What happened. */\n"
                              "enum verb { OPEN = 1, /**< a file */ CLOSE, /**< none */\n"
                              "            /// another name\n"
                              "            RENAME };\n"
                              "/// How.\n"
                              "typedef enum { TCP, UDP ///< in packets\n"
                              "} proto_t;\n"
                              "enum verb v; proto_t p;\n")
                          .annotations.docs;
    EXPECT_THAT(
        docs, UnorderedElementsAre(Pair("enum verb", "What happened."), Pair("enum verb.OPEN", "a file"),
                                   Pair("enum verb.CLOSE", "none"), Pair("enum verb.RENAME", "another name"),
                                   Pair("enum proto_t", "How."), Pair("enum proto_t.UDP", "in packets")));
}

TEST(DocComments, are_read_from_records_and_their_members) {
    const auto docs = docs_of("/// One open.\n"
                              "struct event {\n"
                              "    int pid; ///< process\n"
                              "    union {\n"
                              "        /// result\n"
                              "        int ret;\n"
                              "    };\n"
                              "    /// place\n"
                              "    struct {\n"
                              "        int line; /**< line number */\n"
                              "    } where;\n"
                              "};\n"
                              "/// A tick.\n"
                              "typedef struct {\n"
                              "    int n; ///< number\n"
                              "} tick_t;\n")
                          .annotations.docs;
    EXPECT_THAT(docs, Contains(Pair("struct event", "One open.")));
    EXPECT_THAT(docs, Contains(Pair("struct event.pid", "process")));
    EXPECT_THAT(docs, Contains(Pair("struct event.ret", "result")));
    EXPECT_THAT(docs, Contains(Pair("struct event.where", "place")));
    EXPECT_THAT(docs, Contains(Pair("struct event.where.line", "line number")));
    EXPECT_THAT(docs, Contains(Pair("struct tick_t", "A tick.")));
    EXPECT_THAT(docs, Contains(Pair("struct tick_t.n", "number")));
}

TEST(DocComments, reach_a_program_whose_head_a_macro_makes) {
    const auto docs = docs_of("#define BPF_PROG(name, args...) name(unsigned long long *ctx);"
                              " static int ____##name(unsigned long long *ctx, ##args);"
                              " int name(unsigned long long *ctx) { return ____##name(ctx, 0); }"
                              " static int ____##name(unsigned long long *ctx, ##args)\n"
                              "/// Sees a fork.\n"
                              "SEC(\"tp_btf/x\")\n"
                              "int BPF_PROG(on_fork, int a) { return 0; }\n")
                          .annotations.docs;
    EXPECT_THAT(docs, Contains(Pair("on_fork", "Sees a fork.")));
    EXPECT_THAT(docs, Not(Contains(Key("____on_fork"))));
}

TEST(DocComments, leave_out_ordinary_comments) {
    EXPECT_THAT(docs_of("// not for users\nint a; /* nor this */\n").annotations.docs, IsEmpty());
}

TEST(DocComments, give_a_global_its_flag) {
    const auto found = docs_of("/// Process to trace.\n"
                               "/// @cmdarg {\"default\": 0, \"short\": \"p\", \"long\": \"pid\"}\n"
                               "/// @description \"trace this process only\"\n"
                               "const volatile int target;\n");
    ASSERT_THAT(found.annotations.flags, Contains(Key("target")));
    const FlagAnnotation& flag = found.annotations.flags.at("target");
    EXPECT_EQ(flag.long_name, "pid");
    EXPECT_EQ(flag.short_name, "p");
    EXPECT_EQ(flag.help, "trace this process only");
    EXPECT_EQ(found.annotations.docs.at("target"), "Process to trace.");
}

TEST(DocComments, warn_at_a_malformed_annotation) {
    const auto found = docs_of("int a;\n/// @cmdarg {\"long\": pid}\nconst volatile int target;\n");
    EXPECT_THAT(found.diagnostics, HasSubstr("2:1: warning: annotation ignored: @cmdarg is not followed by"));
    EXPECT_THAT(found.annotations.flags, IsEmpty());
}

} // namespace
