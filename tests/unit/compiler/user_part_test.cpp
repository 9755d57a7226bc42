#include "compiler/user_part.h"

#include "compiler/clang_job.h"
#include "packager/package/wasm_module.h"
#include "tests/unit/compiler/workspace.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;
using ::testing::Not;

/// struct event { u64 when; s32 pid; } as the BPF program sees it.
LayoutSet event_layout() {
    LayoutSet layouts;
    Type none;
    Type u64{.kind = TypeKind::integer, .name = "long", .size = 8, .is_signed = true};
    Type s32{.kind = TypeKind::integer, .name = "int", .size = 4, .is_signed = true};
    Type event{.kind = TypeKind::structure, .name = "event", .size = 16};
    event.members = {{"when", 1, 0, 0}, {"pid", 2, 64, 0}};
    layouts.graph.types = {none, u64, s32, event};
    return compute_layouts(std::move(layouts.graph), "test").value();
}

class UserPartTest : public ::testing::Test {
protected:
    Result<Bytes> build(const std::vector<std::filesystem::path>& paths,
                        const LayoutSet& layouts = event_layout()) {
        for (const std::filesystem::path& path : paths)
            part_.sources.push_back(read_source(path).value());
        ECC_TRY(UserModule module, build_user_part(part_, layouts, resources(), log_.log()));
        dependencies_ = std::move(module.dependencies);
        return std::move(module.wasm);
    }
    Result<Bytes> build_text(const std::string& name, const std::string& text) {
        return build({workspace_.write(name, text)});
    }

    Workspace workspace_;
    CapturedLog log_;
    UserPart part_;
    Dependencies dependencies_;
};

TEST_F(UserPartTest, in_c_becomes_a_wasi_command_without_debug_sections) {
    const auto module =
        build_text("user.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n");
    ASSERT_TRUE(module) << module.error().what << log_.text();
    const auto sections = wasm_sections(*module, "test");
    ASSERT_TRUE(sections);
    EXPECT_FALSE(
        std::ranges::any_of(*sections, [](const WasmSection& section) { return section.name == "name"; }));
    const auto imports = wasm_imports(*module, "test");
    ASSERT_TRUE(imports);
    EXPECT_TRUE(std::ranges::all_of(
        *imports, [](const WasmImport& import) { return import.module == "wasi_snapshot_preview1"; }));
}

TEST_F(UserPartTest, in_cxx_has_the_standard_library) {
    const auto module = build_text("user.cc", "#include <map>\n#include <string>\n#include <cstdio>\n"
                                              "int main(int argc, char **argv) {\n"
                                              "    std::map<std::string, int> seen;\n"
                                              "    for (int i = 0; i < argc; i++) seen[argv[i]]++;\n"
                                              "    std::printf(\"%zu\\n\", seen.size());\n}\n");
    EXPECT_TRUE(module) << module.error().what << log_.text();
}

TEST_F(UserPartTest, shows_clangs_message) {
    const auto module = build_text("user.c", "int main(void) { return nothing; }\n");
    ASSERT_FALSE(module);
    EXPECT_THAT(module.error().where, HasSubstr("user.c"));
    EXPECT_THAT(log_.text(), HasSubstr("user.c:1:25: error: use of undeclared identifier 'nothing'"));
}

TEST_F(UserPartTest, that_does_not_link_names_symbol_and_source) {
    const auto module =
        build_text("user.c", "int elsewhere(void);\nint main(void) { return elsewhere(); }\n");
    ASSERT_FALSE(module);
    EXPECT_THAT(module.error().what, HasSubstr("undefined symbol: elsewhere"));
    EXPECT_THAT(module.error().what, HasSubstr("user.c"));
    EXPECT_THAT(module.error().what, Not(HasSubstr("/proc/")));
}

TEST_F(UserPartTest, links_again_after_a_failed_link) {
    ASSERT_FALSE(build_text("user.c", "int elsewhere(void);\nint main(void) { return elsewhere(); }\n"));
    part_.sources.clear();
    EXPECT_TRUE(build_text("user.c", "int main(void) { return 0; }\n"));
}

TEST_F(UserPartTest, joins_several_files) {
    const auto module =
        build({workspace_.write("one.c", "int two(void);\nint main(void) { return two(); }\n"),
               workspace_.write("two.c", "int two(void) { return 2; }\n")});
    EXPECT_TRUE(module) << module.error().what;
}

TEST_F(UserPartTest, finds_no_header_of_the_host) {
    EXPECT_FALSE(build_text("user.c", "#include <gnu/libc-version.h>\nint main(void) { return 0; }\n"));
}

TEST_F(UserPartTest, sees_the_generated_header_and_not_a_stale_copy) {
    workspace_.write("prog.skel.h", "#error a stale copy\n");
    part_.headers = {{"prog.skel.h", "#define ANSWER 0\n"}};
    EXPECT_TRUE(build_text("user.c", "#include \"prog.skel.h\"\nint main(void) { return ANSWER; }\n"))
        << log_.text();
}

TEST_F(UserPartTest, with_the_skeleton_before_its_types_says_which_header_comes_first) {
    part_.headers = {{"prog.types.h", "struct conf { int a; };\ntypedef int number_t;\n"},
                     {"prog.skel.h", "struct prog { struct conf conf; number_t n; };\n"}};
    const char* const body = "int main(void) { return sizeof(struct prog) - 8; }\n";
    const auto late =
        build_text("late.c", std::string("#include \"prog.skel.h\"\n#include \"prog.types.h\"\n") + body);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().hint,
              "#include \"prog.types.h\", or your own header with these types, before \"prog.skel.h\"");
    part_.sources.clear();
    const auto other = build_text("other.c", "#include \"prog.types.h\"\n#include \"prog.skel.h\"\n"
                                             "struct absent absent;\nint main(void) { return missing; }\n");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().hint, "");
}

TEST_F(UserPartTest, with_another_layout_on_wasm32_names_the_member) {
    part_.shared_records = {"event"};
    const auto module = build_text("user.c", "struct event { long when; int pid; };\n"
                                             "int main(void) { return sizeof(struct event); }\n");
    ASSERT_FALSE(module);
    EXPECT_THAT(log_.text(), HasSubstr("user.c:1:"));
    EXPECT_THAT(log_.text(), HasSubstr("when"));
}

TEST_F(UserPartTest, with_the_same_layout_on_wasm32_is_accepted) {
    part_.shared_records = {"event"};
    EXPECT_TRUE(build_text("user.c", "struct event { long long when; int pid; };\n"
                                     "int main(void) { return sizeof(struct event) - 16; }\n"))
        << log_.text();
}

TEST(ClangJob, colours_its_diagnostics_only_if_asked) {
    ClangJob job{.input = "a.c", .arguments = {"-cc1", "-triple", "wasm32", "-fsyntax-only"}};
    job.files.push_back({"a.c", [] { return "int a = b;\n"; }});
    EXPECT_THAT(run_clang(job).diagnostics, Not(HasSubstr("\033[")));
    job.color = true;
    EXPECT_THAT(run_clang(job).diagnostics, HasSubstr("\033["));
}

TEST(UserSource, is_told_by_its_suffix) {
    EXPECT_TRUE(is_user_source("a.c"));
    EXPECT_TRUE(is_cxx_source("a.cxx"));
    EXPECT_FALSE(is_cxx_source("a.c"));
    EXPECT_FALSE(is_user_source("a.h"));
    EXPECT_FALSE(is_user_source("Makefile"));
}

} // namespace
