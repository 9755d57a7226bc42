// Incremental builds by make and ninja with the files that `ecc -MD` writes.

#include "tests/workflow/project.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A build tool, and the file that tells it to run ecc with a list of dependencies.
struct Builder {
    const char* name;
    const char* file;
    const char* text;
    Command command;
};

const Builder make{"make",
                   "Makefile",
                   R"(ecc_flags =
prog.wasm: prog.bpf.c prog.c
	ecc prog.bpf.c prog.c $(ecc_flags) -o $@ -MD -MP
-include prog.d
)",
                   {"make", "-j2"}};

const Builder ninja{"ninja",
                    "build.ninja",
                    R"(ecc_flags =
rule ecc
  command = ecc $in $ecc_flags -o $out -MD -MF $out.d
  depfile = $out.d
  deps = gcc
build prog.wasm: ecc prog.bpf.c prog.c
)",
                    {"ninja", "-v"}};

void PrintTo(const Builder& builder, std::ostream* stream) {
    *stream << builder.name;
}

class IncrementalBuild : public testing::TestWithParam<Builder> {
protected:
    IncrementalBuild() { write_build_file(""); }

    void write_build_file(const std::string& flags) const {
        std::string text = GetParam().text;
        text.insert(text.find('\n'), flags);
        project_.write(GetParam().file, text);
    }
    /// Runs the tool and says whether it ran ecc.
    bool builds() const {
        const Output output = project_.run(GetParam().command);
        EXPECT_EQ(output.status, 0) << output.out << output.err;
        return output.out.find("ecc prog.bpf.c") != output.out.npos;
    }
    void change(const std::string& name) const { project_.make_newer_than("prog.wasm", name); }

    Project project_;
};

INSTANTIATE_TEST_SUITE_P(With, IncrementalBuild, testing::Values(make, ninja),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(IncrementalBuild, does_nothing_if_nothing_changed) {
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
}

TEST_P(IncrementalBuild, runs_once_for_each_change_of_a_header_of_either_part) {
    EXPECT_TRUE(builds());
    for (const char* name : {"shared.h", "own.h", "prog.c", "prog.bpf.c"}) {
        change(name);
        EXPECT_TRUE(builds()) << name;
        EXPECT_FALSE(builds()) << name;
    }
}

TEST_P(IncrementalBuild, does_nothing_if_a_header_changed_that_nobody_includes) {
    project_.write("stranger.h", "");
    EXPECT_TRUE(builds());
    change("stranger.h");
    EXPECT_FALSE(builds());
}

TEST_P(IncrementalBuild, follows_a_header_that_became_included) {
    project_.write("late.h", "#define LATE 1\n");
    EXPECT_TRUE(builds());
    change("late.h");
    EXPECT_FALSE(builds());
    project_.write("own.h", "#include \"late.h\"\n#define OWN LATE\n");
    change("own.h");
    EXPECT_TRUE(builds());
    change("late.h");
    EXPECT_TRUE(builds());
}

TEST_P(IncrementalBuild, follows_names_with_characters_that_mean_something) {
    const std::string folder = "in c#1 $x";
    project_.write(folder + "/odd.h", "#define OWN 1\n");
    project_.write("own.h", "#include \"" + folder + "/odd.h\"\n");
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
    change(folder + "/odd.h");
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
}

TEST_P(IncrementalBuild, goes_on_if_an_included_header_vanished) {
    project_.write("gone.h", "#define OWN 1\n");
    project_.write("own.h", "#include \"gone.h\"\n");
    EXPECT_TRUE(builds());
    project_.write("own.h", "#define OWN 1\n");
    change("own.h");
    fs::remove(project_.path("gone.h"));
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
}

TEST_P(IncrementalBuild, tries_again_after_a_failure) {
    EXPECT_TRUE(builds());
    project_.write("own.h", "#error not now\n");
    change("own.h");
    const Output failed = project_.run(GetParam().command);
    EXPECT_NE(failed.status, 0);
    EXPECT_THAT(failed.out + failed.err, HasSubstr("not now"));
    project_.write("own.h", "#define OWN 1\n");
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
}

TEST(DependencyOptions, without_a_list_to_write_are_a_usage_error) {
    const Project project;
    for (const char* option : {"-MP", "-MFprog.d", "-MTprog", "-MQprog"}) {
        const Output output = project.run({"ecc", "prog.bpf.c", option});
        EXPECT_EQ(output.status, 2) << option;
        EXPECT_THAT(output.err, HasSubstr("add -MD or -MMD"));
        EXPECT_FALSE(project.has("prog.wasm"));
    }
}

TEST(DependencyOptions, write_the_list_to_standard_output) {
    const Project project;
    const Output output = project.run({"ecc", "prog.bpf.c", "-MMD", "-MF", "-", "-MT", "all"});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(output.out, "all: \\\n  prog.bpf.c \\\n  shared.h\n");
}

} // namespace
} // namespace ecc::test
