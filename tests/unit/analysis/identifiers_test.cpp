#include "compiler/analysis/identifiers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <llvm/Support/MemoryBuffer.h>

namespace {

using namespace ecc;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Identifiers : public ::testing::Test {
protected:
    void add(const std::string& path, const std::string& text) {
        files_->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(text));
    }
    SourceIdentifiers collect(const std::string& text) {
        auto result = collect_identifiers("/src/prog.bpf.c", text, {{"/include"}, {"/system"}}, *files_);
        EXPECT_TRUE(result) << result.error().what;
        return result ? *std::move(result) : SourceIdentifiers{};
    }

    llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> files_{new llvm::vfs::InMemoryFileSystem};
};

TEST_F(Identifiers, come_from_code_but_not_from_comments_and_strings) {
    const auto names = collect("struct task_struct *t; // comment\nchar *s = \"text\"; /* more */").names;
    EXPECT_THAT(names, Contains("task_struct"));
    for (const char* absent : {"comment", "text", "more"})
        EXPECT_THAT(names, Not(Contains(absent)));
}

TEST_F(Identifiers, come_from_headers_beside_the_source_and_in_the_folders) {
    add("/src/own.h", "int from_own;\n#include \"../src/deep.h\"\n");
    add("/src/deep.h", "int from_deep;");
    add("/include/user.h", "int from_user;");
    add("/system/bpf/sys.h", "int from_system;");
    const auto names = collect("#include \"own.h\"\n# include <user.h>\n#include <bpf/sys.h>\n").names;
    for (const char* name : {"from_own", "from_deep", "from_user", "from_system"})
        EXPECT_THAT(names, Contains(name));
}

TEST_F(Identifiers, prefer_a_users_folder_to_a_system_one) {
    add("/include/twice.h", "int from_user;");
    add("/system/twice.h", "int from_system;");
    const auto names = collect("#include <twice.h>\n").names;
    EXPECT_THAT(names, Contains("from_user"));
    EXPECT_THAT(names, Not(Contains("from_system")));
}

TEST_F(Identifiers, end_when_headers_include_each_other) {
    add("/src/a.h", "#include \"b.h\"\nint from_a;");
    add("/src/b.h", "#include \"a.h\"\n#include \"b.h\"\nint from_b;");
    EXPECT_THAT(collect("#include \"a.h\"\n").names, Contains("from_b"));
}

TEST_F(Identifiers, count_a_macros_names_once_it_is_used) {
    add("/system/macros.h",
        "#define READ(x) \\\n  deep(x)\n#define deep(x) hidden_name(x)\n#define UNUSED other_name\n");
    const auto names = collect("#include <macros.h>\nint a = READ(1);").names;
    EXPECT_THAT(names, Contains("hidden_name"));
    EXPECT_THAT(names, Not(Contains("other_name")));
}

TEST_F(Identifiers, count_numbered_macros_that_are_pasted_together) {
    const auto names = collect("#define args0() zero_name\n#define args2() two_name\n#define argsx() x_name\n"
                               "#define CALL(n) paste(args, n)\nint a = CALL(2);")
                           .names;
    EXPECT_THAT(names, Contains("two_name"));
    EXPECT_THAT(names, Not(Contains("x_name")));
}

TEST_F(Identifiers, end_when_macros_name_each_other) {
    EXPECT_THAT(collect("#define a b end_name\n#define b a\nint x = a;").names, Contains("end_name"));
}

TEST_F(Identifiers, skip_the_helper_declarations) {
    add("/system/bpf/bpf_helper_defs.h", "int from_helpers;");
    EXPECT_THAT(collect("#include <bpf/bpf_helper_defs.h>\n").names, Not(Contains("from_helpers")));
}

TEST_F(Identifiers, say_whether_vmlinux_is_asked_for) {
    EXPECT_FALSE(collect("int a;").includes_vmlinux);
    EXPECT_FALSE(collect("// #include \"vmlinux.h\"\n").includes_vmlinux);
    EXPECT_TRUE(collect("#include \"vmlinux.h\"\n").includes_vmlinux);
    add("/src/own.h", "#include <vmlinux.h>\n");
    const auto result = collect("#include \"own.h\"\n");
    EXPECT_TRUE(result.includes_vmlinux);
    EXPECT_THAT(result.own_vmlinux, IsEmpty());
}

TEST_F(Identifiers, find_a_users_own_vmlinux_and_leave_its_names_out) {
    add("/include/vmlinux.h", "struct from_vmlinux;");
    const auto result = collect("#include \"vmlinux.h\"\n");
    EXPECT_EQ(result.own_vmlinux, "/include/vmlinux.h");
    EXPECT_THAT(result.names, Not(Contains("from_vmlinux")));
}

TEST_F(Identifiers, pass_over_what_is_missing_or_malformed) {
    EXPECT_THAT(
        collect(
            "#include \"nowhere.h\"\n#include \"open\n#include <open\n#include MACRO\n#include\n#define\n#\n"
            "#define 1\nint a; 'unfinished \"string\nint last_name;")
            .names,
        Contains("last_name"));
    collect("");
    collect("#include");
    collect("#define A");
    collect(std::string("int a;\0int b;", 13));
}

TEST_F(Identifiers, refuse_a_source_without_bound) {
    const auto large = collect_identifiers("/src/prog.bpf.c", std::string(17 << 20, ' '), {}, *files_);
    ASSERT_FALSE(large);
    EXPECT_THAT(large.error().what, HasSubstr("larger than 16 MiB"));

    std::string includes;
    for (int i = 0; i < 2100; i++) {
        add(fmt::format("/src/h{}.h", i), "");
        includes += fmt::format("#include \"h{}.h\"\n", i);
    }
    const auto many = collect_identifiers("/src/prog.bpf.c", includes, {}, *files_);
    ASSERT_FALSE(many);
    EXPECT_THAT(many.error().what, HasSubstr("more than 2000 headers"));
}

} // namespace
