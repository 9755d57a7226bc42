#include "compiler/dependencies.h"

#include "compiler/build.h"
#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Dependencies two = {{"p.bpf.c"}, {"p.h"}};

TEST(DependencyRule, names_the_output_and_each_file_on_its_line) {
    EXPECT_EQ(*dependency_rule({}, "out/p.wasm", two, {"p.bpf.c"}), "out/p.wasm: \\\n  p.bpf.c \\\n  p.h\n");
}

TEST(DependencyRule, takes_the_targets_that_are_given_in_place_of_the_output) {
    EXPECT_EQ(*dependency_rule({.targets = {"$(OUT)", "other"}}, "p.wasm", two, {}),
              "$(OUT) other: \\\n  p.bpf.c \\\n  p.h\n");
}

TEST(DependencyRule, escapes_what_means_something_to_make) {
    EXPECT_EQ(*dependency_rule({}, "a b.wasm", {{"in c#1/$x.h"}, {"back\\ slash.h"}}, {}),
              "a\\ b.wasm: \\\n  in\\ c\\#1/$$x.h \\\n  back\\\\\\ slash.h\n");
}

TEST(DependencyRule, refuses_a_name_that_no_rule_can_say) {
    const auto rule = dependency_rule({}, "p.wasm", {{"two\nlines.h"}}, {});
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().fault, Fault::input);
    EXPECT_THAT(rule.error().what, HasSubstr("line break"));
}

TEST(DependencyRule, leaves_headers_out_that_come_with_ecc_if_asked) {
    EXPECT_EQ(*dependency_rule({.system_headers = false}, "p.wasm", {{"p.bpf.c"}, {"sys.h", true}}, {}),
              "p.wasm: \\\n  p.bpf.c\n");
}

TEST(DependencyRule, lets_headers_vanish_if_asked_but_no_source) {
    EXPECT_EQ(*dependency_rule({.phony_headers = true}, "p.wasm", two, {"p.bpf.c"}),
              "p.wasm: \\\n  p.bpf.c \\\n  p.h\np.h:\n");
}

TEST(DependencyFile, lies_beside_the_output) {
    EXPECT_EQ(*dependency_file({}, "out/p.wasm", {}), "out/p.d");
    EXPECT_EQ(*dependency_file({.file = "deps"}, "out/p.wasm", {}), "deps");
}

TEST(DependencyFile, needs_names_if_the_output_has_none) {
    EXPECT_FALSE(dependency_file({}, "-", {}));
    EXPECT_FALSE(dependency_file({.file = "p.d"}, "-", {}));
    EXPECT_TRUE(dependency_file({.file = "p.d", .targets = {"p"}}, "-", {}));
}

TEST(DependencyFile, replaces_neither_the_output_nor_a_source) {
    EXPECT_THAT(dependency_file({}, "p.d", {}).error().what, HasSubstr("the output"));
    EXPECT_THAT(dependency_file({.file = "p.bpf.c"}, "p.wasm", {"p.bpf.c"}).error().what,
                HasSubstr("a source"));
}

class BuildDependencies : public ::testing::Test {
protected:
    std::string rule(const std::vector<std::filesystem::path>& sources) {
        options_.sources = sources;
        options_.output = workspace_.path("p.wasm");
        options_.dependencies = DependencyOptions{};
        const auto built = build(options_, log_.log(), Diagnostics("ecc", stderr));
        EXPECT_TRUE(built) << built.error().what << log_.text();
        return std::string(as_text(read_file(workspace_.path("p.d")).value_or(Bytes{})));
    }
    std::string line(const std::string& name) const { return "  " + workspace_.path(name).string(); }

    Workspace workspace_;
    CapturedLog log_;
    BuildOptions options_;
};

TEST_F(BuildDependencies, are_the_headers_of_both_parts) {
    workspace_.write("shared.h", "#include \"deep.h\"\n");
    workspace_.write("deep.h", "struct pair { int a, b; };\n");
    workspace_.write("own.h", "");
    const std::string text =
        rule({workspace_.write("p.bpf.c", "#include \"shared.h\"\n" + tracepoint_program("f")),
              workspace_.write("p.c", "#include \"shared.h\"\n#include \"own.h\"\n#include <stdio.h>\n"
                                      "int main(void) { return 0; }\n")});
    for (const char* name : {"p.bpf.c", "p.c", "shared.h", "deep.h", "own.h"})
        EXPECT_THAT(text, HasSubstr(line(name)));
    EXPECT_THAT(text, HasSubstr("/stdio.h"));
    EXPECT_EQ(text.find("shared.h"), text.rfind("shared.h")) << "both parts include it";
}

TEST_F(BuildDependencies, leave_out_what_is_made_in_memory) {
    const std::string text =
        rule({workspace_.write("p.bpf.c", "#include \"vmlinux.h\"\n" + tracepoint_program("f")),
              workspace_.write(
                  "p.c", "#include \"p.skel.h\"\n#include \"p.types.h\"\nint main(void) { return 0; }\n")});
    EXPECT_THAT(text,
                AllOf(Not(HasSubstr("vmlinux")), Not(HasSubstr("p.skel.h")), Not(HasSubstr("p.types.h"))));
}

TEST_F(BuildDependencies, leave_out_a_stale_copy_of_a_generated_header) {
    workspace_.write("p.skel.h", "#error stale\n");
    EXPECT_THAT(rule({workspace_.write("p.bpf.c", tracepoint_program("f")),
                      workspace_.write("p.c", "#include \"p.skel.h\"\nint main(void) { return 0; }\n")}),
                Not(HasSubstr("skel.h")));
}

TEST_F(BuildDependencies, have_a_vmlinux_header_of_the_users_own) {
    workspace_.write("vmlinux.h", "typedef unsigned int __u32;\n");
    EXPECT_THAT(rule({workspace_.write("p.bpf.c", "#include \"vmlinux.h\"\n" + tracepoint_program("f"))}),
                HasSubstr(line("vmlinux.h")));
}

TEST_F(BuildDependencies, have_the_file_that_btf_is_read_from) {
    options_.targets.front().btf = "/sys/kernel/btf/vmlinux";
    EXPECT_THAT(rule({workspace_.write("p.bpf.c", tracepoint_program("f"))}),
                HasSubstr("  /sys/kernel/btf/vmlinux"));
}

TEST_F(BuildDependencies, are_not_written_if_the_build_fails) {
    options_.sources = {workspace_.write("p.bpf.c", "oops")};
    options_.output = workspace_.path("p.wasm");
    options_.dependencies = DependencyOptions{};
    EXPECT_FALSE(build(options_, log_.log(), Diagnostics("ecc", stderr)));
    EXPECT_FALSE(workspace_.has("p.d"));
}

} // namespace
