#include "compiler/gen.h"

#include "compiler/build.h"
#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;
using ::testing::Not;

class GenTest : public ::testing::Test {
protected:
    Result<std::string> gen(GenKind kind, const std::filesystem::path& input,
                            const std::filesystem::path& base = {}) {
        GenOptions options;
        options.kind = kind;
        options.input = input;
        options.base = base;
        return generate(options, log_.log());
    }

    Workspace workspace_;
    CapturedLog log_;
};

TEST_F(GenTest, prints_a_skeleton_of_a_source) {
    const auto text = gen(GenKind::skeleton, workspace_.write("open.bpf.c", tracepoint_program("seen")));
    ASSERT_TRUE(text) << text.error().what;
    EXPECT_THAT(*text, HasSubstr("struct open_bpf"));
    EXPECT_THAT(*text, HasSubstr("seen"));
}

TEST_F(GenTest, prints_the_same_skeleton_of_an_object) {
    const auto source = workspace_.write("open.bpf.c", tracepoint_program("seen"));
    const auto part = compile_kernel_part({read_source(source).value()}, {}, resources(), log_.log());
    ASSERT_TRUE(part);
    const auto object = workspace_.write("open.bpf.o", std::string(as_text(part->object)));
    EXPECT_EQ(gen(GenKind::skeleton, object), gen(GenKind::skeleton, source));
}

TEST_F(GenTest, prints_the_types_of_a_package_and_of_its_object_with_their_records) {
    BuildOptions options;
    options.sources = {workspace_.write("ring.bpf.c", R"(#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct event { int pid; };
SEC("tp/x") int seen(void *ctx) { struct event e = {}; return bpf_ringbuf_output(&events, &e, sizeof(e), 0); }
)")};
    options.output = workspace_.path("ring.wasm");
    options.save_temps = true;
    ASSERT_TRUE(build(options, log_.log(), Diagnostics("ecc", stderr))) << log_.text();
    const auto text = gen(GenKind::types, workspace_.path("ring.wasm"));
    ASSERT_TRUE(text) << text.error().what;
    EXPECT_EQ(*text, gen(GenKind::types, workspace_.path("ring.bpf.c")).value());
    EXPECT_THAT(*text, HasSubstr("struct event {"));
    EXPECT_EQ(*text, gen(GenKind::types, workspace_.path("ring.temps/ring.bpf.o")).value());
}

TEST_F(GenTest, tells_records_of_one_name_in_a_package_apart) {
    const auto sends = [](const std::string& map, const std::string& members) {
        return "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n"
               "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } " +
               map + " SEC(\".maps\");\nSEC(\"tp/x\") int to_" + map + "(void *ctx) { struct event { " +
               members + " } e = {}; return bpf_ringbuf_output(&" + map + ", &e, sizeof(e), 0); }\n";
    };
    BuildOptions options;
    options.sources = {workspace_.write("one.bpf.c", sends("left", "int pid;")),
                       workspace_.write("two.bpf.c", sends("right", "long when; char what;"))};
    options.output = workspace_.path("one.wasm");
    ASSERT_TRUE(build(options, log_.log(), Diagnostics("ecc", stderr))) << log_.text();
    const auto text = gen(GenKind::types, workspace_.path("one.wasm"));
    ASSERT_TRUE(text) << text.error().what << text.error().hint;
    EXPECT_THAT(*text, HasSubstr("struct event {\n\tint pid;\n};"));
    EXPECT_THAT(*text, HasSubstr("struct event___2 {\n\tlong long when;"));
}

TEST_F(GenTest, refuses_other_binary_files) {
    const auto text = gen(GenKind::types, workspace_.write("image.png", std::string("\x89PNG\0", 5)));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().what, HasSubstr("binary"));
    EXPECT_THAT(text.error().hint, HasSubstr("package"));
}

TEST_F(GenTest, prints_the_vmlinux_h_that_a_source_sees) {
    const auto source = workspace_.write(
        "task.bpf.c",
        "#include \"vmlinux.h\"\n" + tracepoint_program("f", "return ((struct pid_namespace *)ctx)->level;"));
    const auto text = gen(GenKind::vmlinux, source);
    ASSERT_TRUE(text) << text.error().what;
    EXPECT_THAT(*text, HasSubstr("struct pid_namespace {"));
    EXPECT_LT(text->size(), 500'000u) << "it is cut";
}

TEST_F(GenTest, ends_every_text_with_a_newline) {
    const auto source = workspace_.write("open.bpf.c", tracepoint_program("seen"));
    for (const GenKind kind : {GenKind::skeleton, GenKind::types, GenKind::vmlinux}) {
        const auto text = gen(kind, source);
        ASSERT_TRUE(text) << text.error().what;
        EXPECT_TRUE(text->ends_with('\n'));
    }
}

TEST_F(GenTest, has_no_skeleton_of_btf_alone) {
    const auto text =
        gen(GenKind::skeleton, workspace_.write("some.btf", std::string("\x9f\xeb\x01\x00", 4)));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().what, HasSubstr("no skeleton"));
}

TEST_F(GenTest, takes_the_base_of_split_btf_for_types_of_it_alone) {
    const auto source = workspace_.write("open.bpf.c", tracepoint_program("seen"));
    const auto blob = workspace_.write("module.btf", std::string("\x9f\xeb\x01\x00", 4));
    for (const auto& [kind, input] : {std::pair(GenKind::skeleton, blob), std::pair(GenKind::vmlinux, blob),
                                      std::pair(GenKind::types, source)}) {
        const auto text = gen(kind, input, "/sys/kernel/btf/vmlinux");
        ASSERT_FALSE(text);
        EXPECT_EQ(text.error().fault, Fault::usage);
    }
    const auto missing = gen(GenKind::types, blob, workspace_.path("nowhere"));
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().where, HasSubstr("nowhere"));
}

TEST_F(GenTest, refuses_big_endian_btf_with_that_reason) {
    const auto text =
        gen(GenKind::types,
            workspace_.write("big.btf", std::string("\xeb\x9f\x01\0\0\0\0\x18", 8) + std::string(32, '\0')));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().what, HasSubstr("big-endian"));
}

TEST_F(GenTest, refuses_truncated_btf_and_objects) {
    for (const std::string& bytes : {std::string("\x9f\xeb\x01\x00\x18", 5), std::string("\x7f"
                                                                                         "ELF\x02\x01",
                                                                                         6)})
        for (const GenKind kind : {GenKind::types, GenKind::vmlinux}) {
            const auto text = gen(kind, workspace_.write("short", bytes));
            ASSERT_FALSE(text);
            EXPECT_EQ(text.error().fault, Fault::input);
            EXPECT_THAT(text.error().where, HasSubstr("short"));
        }
}

TEST_F(GenTest, refuses_an_empty_file) {
    const auto text = gen(GenKind::types, workspace_.write("empty.bpf.o", ""));
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().what, HasSubstr("empty"));
}

} // namespace
