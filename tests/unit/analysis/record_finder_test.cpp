#include "compiler/analysis/record_finder.h"
#include "tests/unit/analysis/clang_runs.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Names = std::vector<std::string>;

/// Map -> names of its types.
using Records = std::map<std::string, Names>;

Annotations annotations_of(const std::string& source) {
    Annotations annotations;
    const auto outcome =
        compile_bpf(source, [&](clang::ASTContext& context) { collect_records(context, annotations); });
    EXPECT_TRUE(outcome.ok) << outcome.diagnostics;
    return annotations;
}

Records names_in(const std::map<std::string, std::vector<TypeReference>>& types) {
    Records names;
    for (const auto& [map, references] : types)
        for (const TypeReference& reference : references)
            names[map].emplace_back(bare_name(reference));
    return names;
}

Records records_of(const std::string& source) {
    return names_in(annotations_of(source).records);
}

const char* const dynptr_helpers =
    "struct bpf_dynptr { __u64 opaque[2]; };"
    "static long (*bpf_ringbuf_reserve_dynptr)(void *, __u32, __u64, struct bpf_dynptr *) = (void *)198;"
    "static long (*bpf_dynptr_read)(void *, __u32, const struct bpf_dynptr *, __u32, __u64) = (void *)201;"
    "static long (*bpf_dynptr_write)(const struct bpf_dynptr *, __u32, void *, __u32, __u64) = (void *)202;"
    "static void *(*bpf_dynptr_data)(const struct bpf_dynptr *, __u32, __u32) = (void *)203;"
    "extern void *bpf_dynptr_slice(const struct bpf_dynptr *, __u32, void *, __u32) SEC(\".ksyms\");"
    "static long (*bpf_user_ringbuf_drain)(void *, void *, void *, __u64) = (void *)209;"
    "struct event { int a; }; struct other { long a; };";

std::string with_dynptrs(const std::string& body) {
    return dynptr_helpers + body;
}

const char* const map_helpers =
    "static long (*bpf_for_each_map_elem)(void *, void *, void *, __u64) = (void *)164;"
    "static long (*bpf_map_update_elem)(void *, const void *, const void *, __u64) = (void *)2;"
    "struct place { int a; }; struct count { long a; };";

/// With a map `m` whose definition has these members.
std::string with_map(const std::string& members, const std::string& body) {
    return map_helpers + ("struct { int (*type)[1]; " + members + " } m SEC(\".maps\");") + body;
}

const char* const lookup = "SEC(\"tp/x\") int f(void *c) { struct place p = {}; struct count *n;"
                           " n = bpf_map_lookup_elem(&m, &p); return n ? n->a : 0; }";

TEST(RecordFinder, takes_the_type_of_sizeof_in_a_reservation) {
    EXPECT_THAT(
        records_of(
            "struct event { int a; };"
            "SEC(\"tp/x\") int f(void *c) { void *e = bpf_ringbuf_reserve(&rb, sizeof(struct event), 0);"
            " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, takes_the_type_of_the_variable_if_the_size_is_a_number) {
    EXPECT_THAT(
        records_of("struct event { int a; };"
                   "SEC(\"tp/x\") int f(void *c) { struct event *e; e = bpf_ringbuf_reserve(&rb, 4, 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, takes_the_type_of_a_cast_around_a_reservation) {
    EXPECT_THAT(
        records_of("struct event { int a; };"
                   "SEC(\"tp/x\") int f(void *c) { void *e = (struct event *)bpf_ringbuf_reserve(&rb, 4, 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, takes_the_pointee_of_output_data_beneath_casts) {
    EXPECT_THAT(records_of("struct event { int a; char tail[60]; };"
                           "SEC(\"tp/x\") int f(void *c) { struct event e = {};"
                           " bpf_perf_event_output(c, &pb, 0, (void *)&e, 4 + 2); return 0; }"),
                ElementsAre(std::pair("pb", Names{"event"})));
}

TEST(RecordFinder, prefers_the_size_to_the_pointer) {
    EXPECT_THAT(records_of("struct head { int a; }; struct whole { struct head h; int b; };"
                           "SEC(\"tp/x\") int f(void *c) { struct whole w = {};"
                           " bpf_ringbuf_output(&rb, &w.h, sizeof(struct whole), 0); return 0; }"),
                ElementsAre(std::pair("rb", Names{"whole"})));
}

TEST(RecordFinder, follows_a_size_kept_in_a_variable) {
    EXPECT_THAT(records_of("struct event { int a; };"
                           "SEC(\"tp/x\") int f(void *c) { const __u64 size = sizeof(struct event);"
                           " void *e = bpf_ringbuf_reserve(&rb, size, 0);"
                           " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
                ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, names_an_unnamed_struct_by_its_typedef) {
    EXPECT_THAT(
        records_of("typedef struct { int a; } event_t;"
                   "SEC(\"tp/x\") int f(void *c) { event_t *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", Names{"event_t"})));
}

TEST(RecordFinder, keeps_the_order_of_first_use_without_repetition) {
    EXPECT_THAT(
        records_of("struct z { int a; }; struct a { long a; };"
                   "SEC(\"tp/x\") int f(void *c) { struct z z = {}; struct a a = {};"
                   " bpf_ringbuf_output(&rb, &z, sizeof(z), 0); bpf_ringbuf_output(&rb, &a, sizeof(a), 0);"
                   " bpf_ringbuf_output(&rb, &z, sizeof(z), 0); bpf_ringbuf_output(&rb2, &a, sizeof(a), 0);"
                   " return 0; }"),
        ElementsAre(std::pair("rb", Names{"z", "a"}), std::pair("rb2", Names{"a"})));
}

TEST(RecordFinder, follows_functions_that_pass_map_and_size_on) {
    EXPECT_THAT(records_of("struct event { int a; }; struct other { long a; };"
                           "static void *get(__u64 size) { return bpf_ringbuf_reserve(&rb, size, 0); }"
                           "static void put(void *c, void *map, void *data, __u64 n) {"
                           " bpf_perf_event_output(c, map, 0, data, n); }"
                           "static void put_other(void *c, struct other *o) { put(c, &pb, o, sizeof(*o)); }"
                           "SEC(\"tp/x\") int f(void *c) { struct event *e = get(sizeof(*e));"
                           " struct other o = {}; put_other(c, &o);"
                           " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
                ElementsAre(std::pair("pb", Names{"other"}), std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, ends_with_functions_that_call_themselves) {
    EXPECT_THAT(records_of("void again(void *map, void *data, int n);"
                           "void again(void *map, void *data, int n) { bpf_ringbuf_output(map, data, n, 0);"
                           " again(map, data, n); again(map, data, n); }"
                           "SEC(\"tp/x\") int f(void *c) { return 0; }"),
                IsEmpty());
}

TEST(RecordFinder, takes_whole_scalars_and_text_of_variables) {
    EXPECT_THAT(records_of("enum color { red };"
                           "SEC(\"tp/x\") int f(void *c) { __u64 v = 1; char text[9]; enum color e = red;"
                           " bpf_ringbuf_output(&rb, &v, sizeof(v), 0);"
                           " bpf_ringbuf_output(&rb, text, sizeof(text), 0);"
                           " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); return 0; }"),
                ElementsAre(std::pair("rb", Names{"__u64", "char", "color"})));
}

TEST(RecordFinder, leaves_out_parts_of_integers_and_what_is_no_map) {
    EXPECT_THAT(records_of("struct event { int a; }; int plain;"
                           "SEC(\"tp/x\") int f(void *c) { __u64 v = 1; struct event e = {};"
                           " bpf_ringbuf_output(&rb, &v, 3, 0);"
                           " bpf_ringbuf_output(&plain, &e, sizeof(e), 0);"
                           " bpf_ringbuf_output(c, &e, sizeof(e), 0); return 0; }"),
                IsEmpty());
}

TEST(RecordFinder, leaves_out_a_struct_that_is_only_declared) {
    EXPECT_THAT(records_of("struct event;"
                           "SEC(\"tp/x\") int f(void *c) { struct event *e = bpf_ringbuf_reserve(&rb, 8, 0);"
                           " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
                IsEmpty());
}

TEST(RecordFinder, follows_a_dynptr_to_the_ring_buffer_that_reserved_it) {
    EXPECT_THAT(
        records_of(with_dynptrs("SEC(\"tp/x\") int f(void *c) { struct bpf_dynptr p; struct event e = {};"
                                " bpf_ringbuf_reserve_dynptr(&rb, 64, 0, &p);"
                                " bpf_dynptr_write(&p, 0, &e, sizeof(e), 0); return 0; }")),
        ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, follows_a_dynptr_that_is_passed_to_a_function) {
    EXPECT_THAT(records_of(with_dynptrs(
                    "static void fill(struct bpf_dynptr *p) { struct event *e = bpf_dynptr_data(p, 0, 4);"
                    " if (e) e->a = 1; }"
                    "SEC(\"tp/x\") int f(void *c) { struct bpf_dynptr p;"
                    " bpf_ringbuf_reserve_dynptr(&rb, 64, 0, &p); fill(&p); return 0; }")),
                ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, takes_no_part_of_a_dynptr_for_the_record) {
    EXPECT_THAT(
        records_of(with_dynptrs("SEC(\"tp/x\") int f(void *c) { struct bpf_dynptr p; struct other o = {};"
                                " bpf_ringbuf_reserve_dynptr(&rb, 64, 0, &p);"
                                " bpf_dynptr_write(&p, 8, &o, sizeof(o), 0); return 0; }")),
        IsEmpty());
    EXPECT_THAT(
        records_of(with_dynptrs("SEC(\"tp/x\") int f(void *c) { struct bpf_dynptr p; struct other head = {};"
                                " bpf_ringbuf_reserve_dynptr(&rb, sizeof(struct event), 0, &p);"
                                " bpf_dynptr_write(&p, 0, &head, sizeof(head), 0); return 0; }")),
        ElementsAre(std::pair("rb", Names{"event"})));
}

TEST(RecordFinder, takes_what_the_callback_of_a_user_ring_buffer_reads) {
    EXPECT_THAT(
        records_of(with_dynptrs(
            "static long on_message(struct bpf_dynptr *p, void *c) { struct event e;"
            " bpf_dynptr_read(&e, sizeof(e), p, 0, 0); struct other *o = bpf_dynptr_data(p, 0, 8);"
            " return o ? o->a : e.a; }"
            "SEC(\"tp/x\") int f(void *c) { return bpf_user_ringbuf_drain(&rb2, on_message, 0, 0); }")),
        ElementsAre(std::pair("rb2", Names{"event", "other"})));
}

TEST(RecordFinder, ends_with_dynptrs_of_no_map) {
    EXPECT_THAT(records_of(with_dynptrs(
                    "void again(struct bpf_dynptr *p);"
                    "void again(struct bpf_dynptr *p) { struct event e;"
                    " bpf_dynptr_read(&e, sizeof(e), p, 0, 0); again(p); }"
                    "SEC(\"tp/x\") int f(void *c) { struct bpf_dynptr p; again(&p); return 0; }")),
                IsEmpty());
}

TEST(RecordFinder, takes_key_and_value_of_a_map_without_types_from_its_uses) {
    const Annotations found = annotations_of(with_map("int (*key_size)[4]; int (*value_size)[8];", lookup));
    EXPECT_THAT(names_in(found.keys), ElementsAre(std::pair("m", Names{"place"})));
    EXPECT_THAT(names_in(found.values), ElementsAre(std::pair("m", Names{"count"})));
    EXPECT_THAT(names_in(found.records), IsEmpty());
}

TEST(RecordFinder, takes_the_types_of_sizeof_in_a_maps_definition) {
    const Annotations found = annotations_of(
        with_map("int (*key_size)[sizeof(struct place)]; int (*value_size)[sizeof(struct count)];",
                 "SEC(\"tp/x\") int f(void *c) { return 0; }"));
    EXPECT_THAT(names_in(found.keys), ElementsAre(std::pair("m", Names{"place"})));
    EXPECT_THAT(names_in(found.values), ElementsAre(std::pair("m", Names{"count"})));
}

TEST(RecordFinder, takes_a_scalar_that_is_all_of_a_size_in_a_maps_definition) {
    const Annotations found =
        annotations_of(with_map("int (*key_size)[sizeof(unsigned int)]; int (*value_size)[8 * sizeof(long)];",
                                "SEC(\"tp/x\") int f(void *c) { return 0; }"));
    EXPECT_THAT(names_in(found.keys), ElementsAre(std::pair("m", Names{"unsigned int"})));
    EXPECT_THAT(names_in(found.values), IsEmpty());
}

TEST(RecordFinder, leaves_a_map_alone_whose_definition_has_types) {
    const Annotations found = annotations_of(with_map("int *key; long *value;", lookup));
    EXPECT_THAT(names_in(found.keys), IsEmpty());
    EXPECT_THAT(names_in(found.values), IsEmpty());
}

TEST(RecordFinder, keeps_every_type_that_a_map_without_types_is_used_with) {
    const Annotations found = annotations_of(with_map(
        "int (*key_size)[4]; int (*value_size)[8];",
        "static void put(void *map, void *key, void *value) { bpf_map_update_elem(map, key, value, 0); }"
        "SEC(\"tp/x\") int f(void *c) { int k = 0; struct count n = {}; struct place p = {};"
        " put(&m, &k, &n); put(&m, &k, &p); return 0; }"));
    EXPECT_THAT(names_in(found.keys), IsEmpty());
    EXPECT_THAT(names_in(found.values), ElementsAre(std::pair("m", Names{"count", "place"})));
}

/// Two types, and a program with this body.
std::string with_two(const std::string& body) {
    return "struct a { int x; }; struct b { long y; };"
           "SEC(\"tp/x\") int f(void *c) { struct a a = {}; struct b b = {}; " +
           body + " return 0; }";
}

TEST(RecordFinder, takes_both_types_of_a_choice) {
    const auto both = ElementsAre(std::pair("rb", Names{"a", "b"}));
    EXPECT_THAT(records_of(with_two("bpf_ringbuf_output(&rb, c ? (void *)&a : (void *)&b,"
                                    " c ? sizeof(a) : sizeof(b), 0);")),
                both);
    EXPECT_THAT(records_of(with_two("bpf_ringbuf_output(&rb, c ? (void *)&a : &b, 4, 0);")), both);
    EXPECT_THAT(records_of(with_two("void *e = bpf_ringbuf_reserve(&rb, c ? sizeof(a) : sizeof(b), 0);"
                                    " if (e) bpf_ringbuf_submit(e, 0);")),
                both);
    EXPECT_THAT(records_of(with_two("bpf_ringbuf_output(&rb, ({ b.y = 1; c ? (void *)&a : (void *)&b; }),"
                                    " 4, 0);")),
                both);
}

TEST(RecordFinder, takes_every_type_that_a_variable_is_assigned) {
    EXPECT_THAT(records_of(with_two("void *data = &a; __u64 size = sizeof(a);"
                                    " if (c) { data = &b; size = sizeof(b); }"
                                    " bpf_ringbuf_output(&rb, data, size, 0);")),
                ElementsAre(std::pair("rb", Names{"a", "b"})));
    EXPECT_THAT(records_of(with_two("char *bytes = (char *)&b; bpf_ringbuf_output(&rb, bytes, 8, 0);")),
                ElementsAre(std::pair("rb", Names{"b"})));
}

TEST(RecordFinder, ends_with_variables_that_are_assigned_to_each_other) {
    EXPECT_THAT(records_of(with_two("void *p = &a, *q = p; p = c ? q : p; q = c ? p : q;"
                                    " bpf_ringbuf_output(&rb, c ? p : q, 4, 0);")),
                ElementsAre(std::pair("rb", Names{"a"})));
}

TEST(RecordFinder, follows_a_choice_of_maps) {
    const auto both = ElementsAre(std::pair("rb", Names{"a"}), std::pair("rb2", Names{"a"}));
    EXPECT_THAT(records_of(with_two("bpf_ringbuf_output(c ? &rb : &rb2, &a, sizeof(a), 0);")), both);
    EXPECT_THAT(records_of(with_two("void *map = &rb; if (c) map = &rb2;"
                                    " bpf_ringbuf_output(map, &a, sizeof(a), 0);")),
                both);
}

TEST(RecordFinder, follows_functions_that_return_the_map_or_the_data) {
    EXPECT_THAT(records_of("struct a { int x; }; static struct a scratch_record;"
                           "static void *ring(void) { return &rb; }"
                           "static void *same(void *data) { return data; }"
                           "SEC(\"tp/x\") int f(void *c) { struct a a = {};"
                           " bpf_ringbuf_output(ring(), same(&a), 4, 0); return 0; }"),
                ElementsAre(std::pair("rb", Names{"a"})));
}

TEST(RecordFinder, takes_what_a_result_becomes_later) {
    EXPECT_THAT(records_of(with_two("void *e = bpf_ringbuf_reserve(&rb, 4, 0); if (!e) return 0;"
                                    " struct a *first = e; void *same = e; ((struct b *)same)->y = 1;"
                                    " bpf_ringbuf_submit(first, 0);")),
                ElementsAre(std::pair("rb", Names{"a", "b"})));
}

const char* const map_of_rings = "struct ring { int (*type)[27]; int (*max_entries)[4096]; };"
                                 "struct { int (*type)[12]; int (*max_entries)[2]; __u32 *key;"
                                 " struct ring *values[]; } outer SEC(\".maps\")";

TEST(RecordFinder, follows_a_map_of_maps_to_those_that_it_is_initialized_with) {
    EXPECT_THAT(records_of(map_of_rings + (" = {.values = {(void *)&rb, (void *)&rb2}};" +
                                           with_two("__u32 k = 0; void *ring;"
                                                    " ring = bpf_map_lookup_elem(&outer, &k); if (ring)"
                                                    " bpf_ringbuf_output(ring, &a, sizeof(a), 0);"))),
                ElementsAre(std::pair("rb", Names{"a"}), std::pair("rb2", Names{"a"})));
}

TEST(RecordFinder, follows_a_map_of_maps_to_those_of_its_inner_type) {
    EXPECT_THAT(records_of(map_of_rings + ("; struct ring mine SEC(\".maps\");" +
                                           with_two("__u32 k = 0; void *ring;"
                                                    " ring = bpf_map_lookup_elem(&outer, &k); if (ring)"
                                                    " bpf_ringbuf_output(ring, &a, sizeof(a), 0);"))),
                ElementsAre(std::pair("mine", Names{"a"})));
}

TEST(RecordFinder, follows_a_map_of_maps_through_pointers_to_its_inner_type) {
    EXPECT_THAT(records_of(map_of_rings + ("; struct ring mine SEC(\".maps\");" +
                                           with_two("__u32 k = 0; struct ring *ring;"
                                                    " ring = bpf_map_lookup_elem(&outer, &k); if (ring)"
                                                    " bpf_ringbuf_output(ring, &a, sizeof(a), 0);"))),
                ElementsAre(std::pair("mine", Names{"a"})));
}

TEST(RecordFinder, leaves_the_records_to_a_map_of_maps_that_is_filled_at_run_time) {
    EXPECT_THAT(records_of(map_of_rings + (";" + with_two("__u32 k = 0; void *ring;"
                                                          " ring = bpf_map_lookup_elem(&outer, &k); if (ring)"
                                                          " bpf_ringbuf_output(ring, &a, sizeof(a), 0);"))),
                ElementsAre(std::pair("outer", Names{"a"})));
}

TEST(RecordFinder, takes_the_slice_that_the_callback_of_a_user_ring_buffer_reads) {
    EXPECT_THAT(
        records_of(with_dynptrs(
            "static long on_message(struct bpf_dynptr *p, void *c) {"
            " struct event *e = bpf_dynptr_slice(p, 0, 0, 4); return e ? e->a : 0; }"
            "SEC(\"tp/x\") int f(void *c) { return bpf_user_ringbuf_drain(&rb2, on_message, 0, 0); }")),
        ElementsAre(std::pair("rb2", Names{"event"})));
}

TEST(RecordFinder, takes_the_types_that_the_callback_for_each_element_has) {
    const Annotations found = annotations_of(
        with_map("int (*key_size)[4]; int (*value_size)[8];",
                 "static long each(void *map, struct place *key, void *value, void *c) {"
                 " struct count *n = value; return n->a + key->a; }"
                 "SEC(\"tp/x\") int f(void *c) { return bpf_for_each_map_elem(&m, each, 0, 0); }"));
    EXPECT_THAT(names_in(found.keys), ElementsAre(std::pair("m", Names{"place"})));
    EXPECT_THAT(names_in(found.values), ElementsAre(std::pair("m", Names{"count"})));
}

TEST(RecordFinder, takes_a_value_that_is_looked_up_into_a_variable_without_type) {
    const Annotations found =
        annotations_of(with_map("int (*key_size)[4]; int (*value_size)[8];",
                                "SEC(\"tp/x\") int f(void *c) { struct place p = {}; void *value, *same;"
                                " value = bpf_map_lookup_elem(&m, &p); same = value; if (!same) return 0;"
                                " struct count *n = same; return n->a; }"));
    EXPECT_THAT(names_in(found.values), ElementsAre(std::pair("m", Names{"count"})));
}

TEST(RecordFinder, tells_a_struct_from_a_typedef_of_its_name) {
    const Annotations found = annotations_of(
        "struct other { long y; }; struct event { int x; }; typedef struct other event;"
        "typedef struct { char z; } third;"
        "SEC(\"tp/x\") int f(void *c) { struct event e = {}; third t = {};"
        " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); bpf_ringbuf_output(&rb, &t, sizeof(t), 0); return 0; }");
    EXPECT_THAT(found.records.at("rb"),
                ElementsAre(TypeReference{"struct event", "4 x:0:32"}, TypeReference{"third", "1 z:0:8"}));
}

TEST(RecordFinder, tells_structs_of_two_functions_apart) {
    const Annotations found = annotations_of("SEC(\"tp/x\") int f(void *c) { struct event { int x; } e = {};"
                                             " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); return 0; }"
                                             "SEC(\"tp/x\") int g(void *c) { struct event { long y; unsigned "
                                             "int b : 3, : 5, c : 4; char d[]; } e = {};"
                                             " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); return 0; }");
    EXPECT_THAT(found.records.at("rb"),
                ElementsAre(TypeReference{"struct event", "4 x:0:32"},
                            TypeReference{"struct event", "16 y:0:64 b:64:3 c:72:4 d:80:0"}));
}

TEST(RecordFinder, knows_an_unnamed_record_by_its_members) {
    const Annotations found =
        annotations_of("SEC(\"tp/x\") int f(void *c) { struct { int x; union { int a; char b; }; } e = {};"
                       " bpf_ringbuf_output(&rb, &e, sizeof(e), 0); return 0; }");
    EXPECT_THAT(found.records.at("rb"), ElementsAre(TypeReference{"struct", "8 x:0:32 :32:32"}));
}

using ::testing::UnorderedElementsAre;

TEST(RecordFinder, notes_maps_with_records_of_unknown_type) {
    const char* const sources[] = {
        "struct box { void *data; } box = { &a }; bpf_ringbuf_output(&rb, &b, 8, 0);"
        " bpf_ringbuf_output(&rb, box.data, 4, 0);",
        "void *list[1] = { &a }; bpf_ringbuf_output(&rb, &b, 8, 0); bpf_ringbuf_output(&rb, list[0], 4, 0);",
    };
    for (const char* source : sources) {
        const Annotations found = annotations_of(with_two(source));
        EXPECT_THAT(names_in(found.records), ElementsAre(std::pair("rb", Names{"b"})));
        EXPECT_THAT(found.untyped, ElementsAre("rb")) << source;
    }
}

TEST(RecordFinder, takes_any_buffer_for_a_map_that_it_cannot_follow) {
    const Annotations found = annotations_of(
        with_two("struct box { void *map; } box = { &rb }; bpf_ringbuf_output(box.map, &a, 4, 0);"));
    EXPECT_THAT(names_in(found.records),
                UnorderedElementsAre(std::pair("rb", Names{"a"}), std::pair("rb2", Names{"a"}),
                                     std::pair("pb", Names{"a"})));
}

TEST(RecordFinder, knows_nothing_of_what_other_files_pass_to_a_function) {
    const Annotations found =
        annotations_of("struct a { int x; };"
                       "__attribute__((visibility(\"hidden\"))) long emit(void *data, __u32 size)"
                       " { return bpf_ringbuf_output(&rb, data, size, 0); }"
                       "SEC(\"tp/x\") int f(void *c) { struct a a = {}; return emit(&a, sizeof(a)); }");
    EXPECT_THAT(names_in(found.records), ElementsAre(std::pair("rb", Names{"a"})));
    EXPECT_THAT(found.untyped, ElementsAre("rb"));
}

TEST(RecordFinder, leaves_out_functions_that_nothing_leads_to) {
    const Annotations found =
        annotations_of("struct a { int x; }; struct b { long y; };"
                       "static void never(void *data) { bpf_ringbuf_output(&rb, data, 4, 0); }"
                       "static void neither(void) { struct a a = {}; never(&a); }"
                       "static int called_back(__u32 i, void *c) { struct b b = {}; return "
                       "bpf_ringbuf_output(&rb, &b, 8, 0); }"
                       "static long (*bpf_loop)(__u32, void *, void *, __u64) = (void *)181;"
                       "SEC(\"tp/x\") int f(void *c) { return bpf_loop(2, called_back, 0, 0); }");
    EXPECT_THAT(names_in(found.records), ElementsAre(std::pair("rb", Names{"b"})));
    EXPECT_THAT(found.untyped, IsEmpty());
}

TEST(RecordFinder, notes_maps_whose_records_are_not_as_long_as_their_type) {
    for (const char* size : {"sizeof(a) - 1", "2 * sizeof(a)", "sizeof(a) + (__u64)c", "(__u64)c"}) {
        const Annotations found =
            annotations_of(with_two(std::string("bpf_ringbuf_output(&rb, &a, ") + size + ", 0);"));
        EXPECT_THAT(names_in(found.records), ElementsAre(std::pair("rb", Names{"a"})));
        EXPECT_THAT(found.varying, ElementsAre("rb")) << size;
    }
    EXPECT_THAT(annotations_of(with_two("bpf_ringbuf_output(&rb, &a, 4, 0);")).varying, IsEmpty());
}

TEST(RecordFinder, expects_records_that_end_with_a_flexible_array_to_be_longer) {
    const auto varying = [](const std::string& size) {
        return annotations_of("struct a { int x; char text[]; };"
                              "SEC(\"tp/x\") int f(void *c) { struct a *a = bpf_map_lookup_elem(&scratch, c);"
                              " return a ? bpf_ringbuf_output(&rb, a, " +
                              size + ", 0) : 0; }")
            .varying;
    };
    EXPECT_THAT(varying("sizeof(*a) + 3"), IsEmpty());
    EXPECT_THAT(varying("sizeof(*a) + (__u64)c"), IsEmpty());
    EXPECT_THAT(varying("2"), ElementsAre("rb"));
}

TEST(RecordFinder, takes_the_size_that_the_caller_gives_before_the_type_of_a_header) {
    const char* const base =
        "struct head { int kind; }; struct one { struct head h; int a; };"
        "struct two { struct head h; long b; };"
        "static long send(struct head *h, __u64 size)"
        " { return bpf_ringbuf_output(&rb, h, size, 0); }"
        "static struct head *get(__u64 size) { return bpf_ringbuf_reserve(&rb2, size, 0); }"
        "SEC(\"tp/x\") int f(void *c) { struct one one = {}; struct two two = {}; ";
    const Annotations found =
        annotations_of(std::string(base) + "send(&one.h, sizeof(one)); send(&two.h, sizeof(two));"
                                           " struct two *made = (struct two *)get(sizeof(*made));"
                                           " if (made) bpf_ringbuf_submit(made, 0); return 0; }");
    EXPECT_THAT(names_in(found.records),
                ElementsAre(std::pair("rb", Names{"one", "two"}), std::pair("rb2", Names{"two"})));
    EXPECT_THAT(found.varying, IsEmpty());
}

TEST(RecordFinder, takes_what_functions_make_of_a_result) {
    EXPECT_THAT(records_of("struct a { int x; }; struct b { int y; };"
                           "static void fill(void *data) { ((struct a *)data)->x = 1; }"
                           "SEC(\"tp/x\") int f(void *c) { struct b b = { 2 };"
                           " void *e = bpf_ringbuf_reserve(&rb, 4, 0), *g = bpf_ringbuf_reserve(&rb2, 4, 0);"
                           " if (e) { fill(e); bpf_ringbuf_submit(e, 0); }"
                           " if (g) { __builtin_memcpy(g, &b, 4); bpf_ringbuf_submit(g, 0); } return 0; }"),
                ElementsAre(std::pair("rb", Names{"a"}), std::pair("rb2", Names{"b"})));
}

TEST(RecordFinder, takes_the_scalar_or_text_that_a_reservation_is_used_as) {
    const auto reserved = [](const std::string& text, const std::string& before = {}) {
        return annotations_of("struct event { int a; }; enum color { red };" + before +
                              "SEC(\"tp/x\") int f(void *c) { " + text + " return 0; }");
    };
    const auto records = [&](const std::string& text) {
        const Annotations found = reserved(text);
        EXPECT_EQ(found.untyped.empty(), !found.records.empty()) << text;
        return found.records.empty() ? std::string("unknown") : found.records.at("rb").at(0).name;
    };
    EXPECT_EQ(records("__u64 *v = bpf_ringbuf_reserve(&rb, sizeof(*v), 0); if (v) *v = 1;"), "__u64");
    EXPECT_EQ(records("enum color *v = bpf_ringbuf_reserve(&rb, 4, 0);"), "enum color");
    EXPECT_EQ(records("char *v = bpf_ringbuf_reserve(&rb, 64, 0);"), "char");
    EXPECT_EQ(records("void *v = bpf_ringbuf_reserve(&rb, 8, 0); if (v) *(__u64 *)v = 1;"), "__u64");
    EXPECT_EQ(records("char *v = bpf_ringbuf_reserve(&rb, 8, 0); if (v) ((struct event *)v)->a = 1;"),
              "struct event");

    EXPECT_EQ(records("char *v = bpf_ringbuf_reserve(&rb, 8, 0); if (v) *(__u64 *)v = 1;"), "unknown");
    EXPECT_EQ(records("__u64 *v = bpf_ringbuf_reserve(&rb, 16, 0);"), "unknown");
    EXPECT_EQ(records("unsigned char *v = bpf_ringbuf_reserve(&rb, 64, 0);"), "unknown");
    EXPECT_EQ(records("void **v = bpf_ringbuf_reserve(&rb, 8, 0);"), "unknown");
    EXPECT_EQ(records("void *v = bpf_ringbuf_reserve(&rb, 8, 0);"), "unknown");

    const Annotations returned =
        reserved("struct event *e = get();", "static void *get(void) {"
                                             " char *v = bpf_ringbuf_reserve(&rb, 4, 0); return v; }");
    EXPECT_EQ(returned.records.at("rb").at(0).name, "struct event") << "the caller knows better";
}

TEST(RecordFinder, takes_text_of_an_array_with_an_initial_value) {
    EXPECT_THAT(records_of("SEC(\"tp/x\") int f(void *c) { char text[8] = \"hello\";"
                           " return bpf_ringbuf_output(&rb, text, sizeof(text), 0); }"),
                ElementsAre(std::pair("rb", Names{"char"})));
}

} // namespace
