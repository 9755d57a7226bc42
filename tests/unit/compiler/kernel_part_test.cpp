#include "compiler/kernel_part.h"

#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;
using ::testing::Not;

class KernelPartTest : public ::testing::Test {
protected:
    Result<KernelPart> compile(const std::vector<std::filesystem::path>& paths,
                               const KernelPartOptions& options = {}) {
        std::vector<SourceFile> sources;
        for (const std::filesystem::path& path : paths)
            sources.push_back(read_source(path).value());
        return compile_kernel_part(sources, options, resources_, log_.log());
    }
    Result<KernelPart> compile_text(const std::string& text, const KernelPartOptions& options = {}) {
        return compile({workspace_.write("test.bpf.c", text)}, options);
    }
    static bool contains(const Bytes& object, std::string_view text) {
        return as_text(object).find(text) != std::string_view::npos;
    }

    Workspace workspace_;
    CapturedLog log_;
    Resources resources_ = resources();
};

constexpr const char* no_btf = "/nowhere/btf";

TEST_F(KernelPartTest, shows_clangs_message_with_line_column_and_caret) {
    const auto part = compile_text("int counter = forty_two;\n");
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().fault, Fault::input);
    EXPECT_THAT(part.error().where, HasSubstr("test.bpf.c"));
    EXPECT_THAT(log_.text(), HasSubstr("test.bpf.c:1:15: error: use of undeclared identifier 'forty_two'"));
    EXPECT_THAT(log_.text(), HasSubstr("int counter = forty_two;\n      |               ^"));
    EXPECT_THAT(log_.text(), Not(HasSubstr("\x1b["))) << "the log is no terminal";
}

TEST_F(KernelPartTest, shows_warnings_of_a_file_that_compiles) {
    ASSERT_TRUE(compile_text("static int unused;\n" + tracepoint_program("f"),
                             {{.warnings = {"unused-variable"}}, {}}));
    EXPECT_THAT(log_.text(), HasSubstr("warning: unused variable 'unused'"));
}

TEST_F(KernelPartTest, names_the_files_whose_symbols_clash) {
    const auto part = compile({workspace_.write("one.bpf.c", tracepoint_program("twice")),
                               workspace_.write("two.bpf.c", tracepoint_program("twice"))});
    ASSERT_FALSE(part);
    EXPECT_THAT(part.error().what, HasSubstr("two.bpf.c"));
    EXPECT_THAT(part.error().what, Not(HasSubstr("fd:")));
}

TEST_F(KernelPartTest, refuses_an_unknown_standard_as_clang_does) {
    ASSERT_FALSE(compile_text(tracepoint_program("f"), {{.standards = {"c47"}}, {}}));
    EXPECT_THAT(log_.text(), HasSubstr("c47"));
}

TEST_F(KernelPartTest, has_btf_and_no_dwarf) {
    const auto part = compile_text(tracepoint_program("f"));
    ASSERT_TRUE(part);
    EXPECT_TRUE(contains(part->object, ".BTF.ext"));
    EXPECT_FALSE(contains(part->object, ".debug_info"));
}

TEST_F(KernelPartTest, is_the_same_wherever_the_source_lies) {
    const auto here = compile({workspace_.write("a/test.bpf.c", tracepoint_program("f"))});
    const auto there = compile({workspace_.write("elsewhere/test.bpf.c", tracepoint_program("f"))});
    ASSERT_TRUE(here && there);
    EXPECT_EQ(here->object, there->object);
    EXPECT_FALSE(contains(here->object, workspace_.path("").string()));
}

TEST_F(KernelPartTest, finds_the_headers_of_libbpf_and_the_kernel) {
    const auto part =
        compile_text("#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n#include <stdbool.h>\n"
                     "SEC(\"xdp\") int pass(struct xdp_md *ctx) { return XDP_PASS; }\n");
    EXPECT_TRUE(part) << log_.text();
}

TEST_F(KernelPartTest, finds_no_header_of_the_host) {
    EXPECT_FALSE(compile_text("#include <gnu/libc-version.h>\n" + tracepoint_program("f")));
}

TEST_F(KernelPartTest, reads_no_btf_without_vmlinux_h) {
    const auto part = compile_text(tracepoint_program("f"), {{}, {.btf = no_btf}});
    ASSERT_TRUE(part) << log_.text();
    EXPECT_EQ(part->btf_digest, "");
}

TEST_F(KernelPartTest, names_the_btf_file_that_is_missing) {
    const auto part =
        compile_text("#include \"vmlinux.h\"\n" + tracepoint_program("f"), {{}, {.btf = no_btf}});
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().where, no_btf);
    EXPECT_EQ(log_.text(), "") << "that clang misses the header is a consequence";
}

TEST_F(KernelPartTest, makes_vmlinux_h_from_the_kernels_btf) {
    const auto part = compile_text("#include \"vmlinux.h\"\n" +
                                   tracepoint_program("f", "return sizeof(((struct task_struct *)0)->pid);"));
    ASSERT_TRUE(part) << part.error().what << log_.text();
    EXPECT_THAT(part->btf_digest, HasSubstr("sha256:"));
}

TEST_F(KernelPartTest, compiles_with_the_whole_vmlinux_h_if_the_cut_one_lacks_something) {
    // No identifier of the source says "task_struct".
    const auto part = compile_text("#include \"vmlinux.h\"\n#define TYPE(name) struct name##_struct\n" +
                                   tracepoint_program("f", "return ((TYPE(task) *)ctx)->pid;"));
    ASSERT_TRUE(part) << part.error().what;
    EXPECT_EQ(log_.text(), "") << "what clang said about the cut header does not matter";
}

TEST_F(KernelPartTest, reports_an_error_of_the_user_once) {
    ASSERT_FALSE(compile_text("#include \"vmlinux.h\"\nint x = missing;\n"));
    const std::string text = log_.text();
    EXPECT_EQ(text.find("missing'"), text.rfind("missing'")) << text;
}

TEST_F(KernelPartTest, prefers_a_vmlinux_h_beside_the_source) {
    workspace_.write("vmlinux.h", "#define OWN_HEADER 1\n");
    const auto part = compile_text("#include \"vmlinux.h\"\n#ifndef OWN_HEADER\n#error not mine\n#endif\n" +
                                       tracepoint_program("f"),
                                   {{}, {.btf = no_btf}});
    EXPECT_TRUE(part) << log_.text();
}

TEST_F(KernelPartTest, prefers_a_vmlinux_h_of_an_include_folder) {
    workspace_.write("include/vmlinux.h", "#define OWN_HEADER 1\n");
    const auto part = compile_text(
        "#include <vmlinux.h>\n#ifndef OWN_HEADER\n#error not mine\n#endif\n" + tracepoint_program("f"),
        {{.include_folders = {workspace_.path("include").string()}}, {.btf = no_btf}});
    EXPECT_TRUE(part) << log_.text();
}

TEST_F(KernelPartTest, joins_several_files) {
    const auto one = workspace_.write("one.bpf.c", "int helper(int x);\n" +
                                                       tracepoint_program("first", "return helper(1);"));
    const auto two =
        workspace_.write("two.bpf.c", "__attribute__((noinline)) int helper(int x) { return x + 1; }\n" +
                                          tracepoint_program("second"));
    const auto part = compile({one, two});
    ASSERT_TRUE(part) << part.error().what << log_.text();
    EXPECT_TRUE(contains(part->object, "first"));
    EXPECT_TRUE(contains(part->object, "second"));
}

TEST_F(KernelPartTest, names_the_symbol_that_two_files_define) {
    const std::string text = "int twice(void) { return 1; }\n";
    const auto part = compile({workspace_.write("one.bpf.c", text + tracepoint_program("first")),
                               workspace_.write("two.bpf.c", text + tracepoint_program("second"))});
    ASSERT_FALSE(part);
    EXPECT_THAT(part.error().where, HasSubstr("two.bpf.c"));
    EXPECT_THAT(part.error().what, HasSubstr("twice"));
}

TEST_F(KernelPartTest, keeps_types_that_only_travel_in_events) {
    const auto part = compile_text(R"(#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
/// What happened.
struct event { int pid; };
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx)
{
	struct event event = {1};
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
)");
    ASSERT_TRUE(part) << log_.text();
    EXPECT_THAT(part->annotations.records.at("events"),
                ::testing::ElementsAre(TypeReference{"struct event", "4 pid:0:32"}));
    EXPECT_EQ(part->annotations.docs.at("struct event"), "What happened.");
}

TEST_F(KernelPartTest, survives_what_the_backend_cannot_do) {
    EXPECT_FALSE(compile_text(tracepoint_program("f", "int big[4096]; return ((int (*)(int *))ctx)(big);")));
    EXPECT_TRUE(compile_text(tracepoint_program("f"))) << "one failure does not spoil the next compilation";
}

TEST_F(KernelPartTest, joins_files_that_read_the_same_kernel_structure) {
    const auto reader = [](const std::string& name) {
        return "#include \"vmlinux.h\"\n#include <bpf/bpf_helpers.h>\n"
               "SEC(\"tp_btf/sched_process_exit\") int " +
               name + "(u64 *ctx) { struct task_struct *task = (void *)ctx[0]; return task->tgid == 1; }\n";
    };
    const auto part =
        compile({workspace_.write("a.bpf.c", reader("one") + "char LICENSE[] SEC(\"license\") = \"GPL\";"),
                 workspace_.write("b.bpf.c", reader("two")), workspace_.write("c.bpf.c", reader("three"))});
    ASSERT_TRUE(part) << part.error().what << log_.text();
    for (const char* name : {"one", "two", "three"})
        EXPECT_TRUE(contains(part->object, name)) << name;
    EXPECT_THAT(part->btf_digest, HasSubstr("sha256:"));
}

TEST_F(KernelPartTest, finds_records_and_errors_in_every_file) {
    const std::string sender =
        "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } %s SEC(\".maps\");"
        "struct %s_event { int a; };"
        "SEC(\"tracepoint/a/b\") int on_%s(void *ctx) { struct %s_event e = {};"
        " return bpf_ringbuf_output(&%s, &e, sizeof(e), 0); }\n";
    const auto sends = [&](const std::string& map) {
        std::string text = sender;
        for (std::size_t at; (at = text.find("%s")) != text.npos;)
            text.replace(at, 2, map);
        return text;
    };
    const auto first = workspace_.write("a.bpf.c", sends("left"));
    const auto part = compile({first, workspace_.write("b.bpf.c", sends("right"))});
    ASSERT_TRUE(part) << part.error().what << log_.text();
    EXPECT_EQ(part->annotations.records.at("left"),
              std::vector<TypeReference>({{"struct left_event", "4 a:0:32"}}));
    EXPECT_EQ(part->annotations.records.at("right"),
              std::vector<TypeReference>({{"struct right_event", "4 a:0:32"}}));

    const auto broken = compile({first, workspace_.write("b.bpf.c", "int counter = forty_two;\n")});
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().where, HasSubstr("b.bpf.c"));
    EXPECT_THAT(log_.text(), HasSubstr("b.bpf.c:1:15: error: use of undeclared identifier 'forty_two'"));
}

} // namespace
