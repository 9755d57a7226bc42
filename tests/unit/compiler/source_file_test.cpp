#include "compiler/source_file.h"

#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

TEST(SourceStem, drops_what_tells_a_bpf_program) {
    EXPECT_EQ(source_stem("some/opensnoop.bpf.c"), "opensnoop");
    EXPECT_EQ(source_stem("opensnoop.bpf.o"), "opensnoop");
    EXPECT_EQ(source_stem("user.cpp"), "user");
}

TEST(ReadSource, refuses_an_empty_file_by_name) {
    const Workspace workspace;
    const auto source = read_source(workspace.write("empty.bpf.c", " \n\t\n"));
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().fault, Fault::input);
    EXPECT_THAT(source.error().where, HasSubstr("empty.bpf.c"));
    EXPECT_THAT(source.error().what, HasSubstr("empty"));
}

TEST(ReadSource, refuses_a_binary_file) {
    const Workspace workspace;
    const auto source = read_source(workspace.write("object.bpf.c", std::string("\x7f"
                                                                                "ELF\0\0",
                                                                                6)));
    ASSERT_FALSE(source);
    EXPECT_THAT(source.error().what, HasSubstr("binary"));
}

TEST(ReadSource, names_a_missing_file) {
    const auto source = read_source("/nowhere/absent.bpf.c");
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().where, "/nowhere/absent.bpf.c");
    EXPECT_THAT(source.error().what, HasSubstr("No such file"));
}

} // namespace
