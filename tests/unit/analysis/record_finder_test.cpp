#include "compiler/analysis/record_finder.h"
#include "tests/unit/analysis/clang_runs.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Records = std::map<std::string, std::vector<std::string>>;

Records records_of(const std::string& source) {
    Annotations annotations;
    const auto outcome =
        compile_bpf(source, [&](clang::ASTContext& context) { collect_records(context, annotations); });
    EXPECT_TRUE(outcome.ok) << outcome.diagnostics;
    return annotations.records;
}

TEST(RecordFinder, takes_the_type_of_sizeof_in_a_reservation) {
    EXPECT_THAT(
        records_of(
            "struct event { int a; };"
            "SEC(\"tp/x\") int f(void *c) { void *e = bpf_ringbuf_reserve(&rb, sizeof(struct event), 0);"
            " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, takes_the_type_of_the_variable_if_the_size_is_a_number) {
    EXPECT_THAT(
        records_of("struct event { int a; };"
                   "SEC(\"tp/x\") int f(void *c) { struct event *e; e = bpf_ringbuf_reserve(&rb, 4, 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, takes_the_type_of_a_cast_around_a_reservation) {
    EXPECT_THAT(
        records_of("struct event { int a; };"
                   "SEC(\"tp/x\") int f(void *c) { void *e = (struct event *)bpf_ringbuf_reserve(&rb, 4, 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, takes_the_pointee_of_output_data_beneath_casts) {
    EXPECT_THAT(records_of("struct event { int a; char tail[60]; };"
                           "SEC(\"tp/x\") int f(void *c) { struct event e = {};"
                           " bpf_perf_event_output(c, &pb, 0, (void *)&e, 4 + 2); return 0; }"),
                ElementsAre(std::pair("pb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, prefers_the_size_to_the_pointer) {
    EXPECT_THAT(records_of("struct head { int a; }; struct whole { struct head h; int b; };"
                           "SEC(\"tp/x\") int f(void *c) { struct whole w = {};"
                           " bpf_ringbuf_output(&rb, &w.h, sizeof(struct whole), 0); return 0; }"),
                ElementsAre(std::pair("rb", std::vector<std::string>{"whole"})));
}

TEST(RecordFinder, follows_a_size_kept_in_a_variable) {
    EXPECT_THAT(records_of("struct event { int a; };"
                           "SEC(\"tp/x\") int f(void *c) { const __u64 size = sizeof(struct event);"
                           " void *e = bpf_ringbuf_reserve(&rb, size, 0);"
                           " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
                ElementsAre(std::pair("rb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, names_an_unnamed_struct_by_its_typedef) {
    EXPECT_THAT(
        records_of("typedef struct { int a; } event_t;"
                   "SEC(\"tp/x\") int f(void *c) { event_t *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);"
                   " if (e) bpf_ringbuf_submit(e, 0); return 0; }"),
        ElementsAre(std::pair("rb", std::vector<std::string>{"event_t"})));
}

TEST(RecordFinder, keeps_the_order_of_first_use_without_repetition) {
    EXPECT_THAT(
        records_of("struct z { int a; }; struct a { long a; };"
                   "SEC(\"tp/x\") int f(void *c) { struct z z = {}; struct a a = {};"
                   " bpf_ringbuf_output(&rb, &z, sizeof(z), 0); bpf_ringbuf_output(&rb, &a, sizeof(a), 0);"
                   " bpf_ringbuf_output(&rb, &z, sizeof(z), 0); bpf_ringbuf_output(&rb2, &a, sizeof(a), 0);"
                   " return 0; }"),
        ElementsAre(std::pair("rb", std::vector<std::string>{"z", "a"}),
                    std::pair("rb2", std::vector<std::string>{"a"})));
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
                ElementsAre(std::pair("pb", std::vector<std::string>{"other"}),
                            std::pair("rb", std::vector<std::string>{"event"})));
}

TEST(RecordFinder, ends_with_functions_that_call_themselves) {
    EXPECT_THAT(records_of("void again(void *map, void *data, int n);"
                           "void again(void *map, void *data, int n) { bpf_ringbuf_output(map, data, n, 0);"
                           " again(map, data, n); again(map, data, n); }"
                           "SEC(\"tp/x\") int f(void *c) { return 0; }"),
                IsEmpty());
}

TEST(RecordFinder, leaves_out_integers_and_what_is_no_map) {
    EXPECT_THAT(records_of("struct event { int a; }; int plain;"
                           "SEC(\"tp/x\") int f(void *c) { __u64 v = 1; struct event e = {};"
                           " bpf_ringbuf_output(&rb, &v, sizeof(v), 0);"
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

} // namespace
