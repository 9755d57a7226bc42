#include "compiler/analysis/type_retention.h"
#include "tests/unit/analysis/clang_runs.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;

constexpr const char* program =
    "struct inner { int a; long b; };"
    "struct event { __u32 pid; struct inner in; struct elsewhere *link; };"
    "typedef struct { __u64 ts; enum { off, on } state; } tick_t;"
    "union either { int a; long b; };"
    "SEC(\"tp/x\") int f(void *c) {"
    " struct event *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0); tick_t t = {1, on}; union either u = {.b = "
    "2};"
    " if (e) { e->pid = 1; bpf_ringbuf_submit(e, 0); }"
    " bpf_ringbuf_output(&rb2, &t, sizeof(t), 0); bpf_ringbuf_output(&rb2, &u, sizeof(u), 0); return 0; }";

TEST(TypeRetention, puts_whole_records_into_btf) {
    const TypeGraph types = types_of(object_with_records(program));
    const Type& event = types.at(types.find(TypeKind::structure, "event"));
    ASSERT_EQ(event.members.size(), 3u);
    EXPECT_EQ(event.size, 32u);
    EXPECT_EQ(event.members[1].name, "in");
    EXPECT_NE(types.find(TypeKind::structure, "inner"), 0u);
    EXPECT_NE(types.find(TypeKind::forward, "elsewhere"), 0u);
    EXPECT_NE(types.find(TypeKind::union_type, "either"), 0u);
    const TypeId tick = types.find(TypeKind::type_def, "tick_t");
    ASSERT_NE(tick, 0u);
    EXPECT_EQ(types.at(types.resolve(tick)).members.size(), 2u);
}

TEST(TypeRetention, is_what_puts_them_there) {
    const TypeGraph types = types_of(compile_bpf(program).object);
    EXPECT_EQ(types.find(TypeKind::structure, "event"), 0u);
    EXPECT_EQ(types.find(TypeKind::type_def, "tick_t"), 0u);
}

TEST(TypeRetention, changes_no_section_but_type_information) {
    const Bytes with = object_with_records(program);
    const Bytes without = compile_bpf(program).object;
    EXPECT_EQ(section_names(with), section_names(without));
    int compared = 0;
    for (const std::string& name : section_names(without)) {
        const bool describes = name.find("debug") != name.npos || name.find(".BTF") != name.npos ||
                               name == ".symtab" || name == ".strtab" || name == ".llvm_addrsig";
        if (describes || name.empty())
            continue;
        EXPECT_EQ(section(with, name), section(without, name)) << name;
        compared++;
    }
    EXPECT_GE(compared, 4); // code, its relocations, maps, licence
}

TEST(TypeRetention, covers_a_record_that_only_sizeof_names) {
    const TypeGraph types = types_of(object_with_records(
        "struct event { __u64 x; int y; };"
        "SEC(\"tp/x\") int f(void *c) { __u32 zero = 0; void *p = bpf_map_lookup_elem(&scratch, &zero);"
        " if (p) bpf_ringbuf_output(&rb, p, sizeof(struct event), 0); return 0; }"));
    EXPECT_NE(types.find(TypeKind::structure, "event"), 0u);
}

TEST(TypeRetention, covers_a_record_of_a_function_that_is_inlined_away) {
    const TypeGraph types = types_of(
        object_with_records("struct event { __u64 x; };"
                            "static __attribute__((always_inline)) void send(void) { struct event *e ="
                            " bpf_ringbuf_reserve(&rb, sizeof(*e), 0); if (e) bpf_ringbuf_submit(e, 0); }"
                            "static __attribute__((noinline)) int first(int a) { return a; }"
                            "SEC(\"tp/x\") int f(void *c) { send(); return first(1); }"));
    EXPECT_NE(types.find(TypeKind::structure, "event"), 0u);
}

TEST(TypeRetention, ignores_names_that_the_source_does_not_have) {
    const auto names = std::make_shared<std::vector<TypeReference>>(
        std::vector<TypeReference>{{"struct nowhere", {}}, {"nowhere", {}}, {"struct", {}}});
    const ClangOutcome outcome = compile_bpf(program, {}, names);
    ASSERT_TRUE(outcome.ok) << outcome.diagnostics;
    EXPECT_EQ(section(outcome.object, ".BTF"), section(compile_bpf(program).object, ".BTF"));
}

TEST(TypeRetention, accepts_a_source_without_any_function) {
    const auto names =
        std::make_shared<std::vector<TypeReference>>(std::vector<TypeReference>{{"struct event", {}}});
    EXPECT_TRUE(compile_bpf("struct event { int a; };", {}, names).ok);
}

TEST(TypeRetention, covers_records_without_a_name) {
    const TypeGraph types = types_of(object_with_records(
        "SEC(\"tp/x\") int f(void *c) { struct { int only; union { int a; char b; }; } e = {};"
        " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); return 0; }"));
    EXPECT_THAT(types.types, ::testing::Contains(::testing::Truly([](const Type& type) {
                    return type.kind == TypeKind::structure && type.name.empty() &&
                           type.members.size() == 2 && type.members[0].name == "only";
                })));
}

} // namespace
