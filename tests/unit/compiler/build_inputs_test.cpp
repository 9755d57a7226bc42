#include "compiler/build_inputs.h"

#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

TEST(BuildInputs, are_told_apart_by_their_names) {
    const Workspace workspace;
    BuildOptions options;
    options.sources = {workspace.write("user.cpp", "int x;"), workspace.write("one.bpf.c", "int x;"),
                       workspace.write("two.bpf.c", "int x;"), workspace.write("more.c", "int x;")};
    const auto inputs = read_inputs(options);
    ASSERT_TRUE(inputs) << inputs.error().what;
    EXPECT_EQ(inputs->kernel.size(), 2u);
    EXPECT_EQ(inputs->user.size(), 2u);
    EXPECT_EQ(inputs->stem, "one");
    EXPECT_EQ(inputs->output, "one.wasm");
}

TEST(BuildInputs, without_a_bpf_program_are_a_usage_error) {
    const Workspace workspace;
    BuildOptions options;
    options.sources = {workspace.write("user.c", "int x;")};
    const auto inputs = read_inputs(options);
    ASSERT_FALSE(inputs);
    EXPECT_EQ(inputs.error().fault, Fault::usage);
    EXPECT_THAT(inputs.error().what, HasSubstr(".bpf.c"));
}

TEST(BuildInputs, of_an_unknown_suffix_are_a_usage_error_that_names_the_known_ones) {
    BuildOptions options;
    options.sources = {"program.rs"};
    const auto inputs = read_inputs(options);
    ASSERT_FALSE(inputs);
    EXPECT_EQ(inputs.error().fault, Fault::usage);
    EXPECT_THAT(inputs.error().what, HasSubstr("program.rs"));
    EXPECT_THAT(inputs.error().hint, HasSubstr(".cpp"));
}

TEST(BuildInputs, are_never_replaced_by_the_output) {
    const Workspace workspace;
    BuildOptions options;
    options.sources = {workspace.write("one.bpf.c", "int x;")};
    std::filesystem::create_symlink(options.sources[0], workspace.path("link"));
    options.output = workspace.path("link");
    const auto inputs = read_inputs(options);
    ASSERT_FALSE(inputs);
    EXPECT_THAT(inputs.error().what, HasSubstr("would replace a source"));
}

} // namespace
