#include "compiler/compiler_flags.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(CompilerFlags, are_passed_on_as_clang_takes_them) {
    CompilerFlags flags;
    flags.include_folders = {"inc"};
    flags.definitions = {"A=1"};
    flags.undefinitions = {"B"};
    flags.warnings = {"all"};
    flags.forced_includes = {"first.h"};
    std::vector<std::string> arguments;
    add_flags(arguments, flags, SourceLanguage::c);
    EXPECT_THAT(arguments, ElementsAre("-Iinc", "-DA=1", "-UB", "-Wall", "-include", "first.h"));
}

TEST(CompilerFlags, give_a_standard_of_cxx_to_cxx_alone) {
    CompilerFlags flags;
    flags.standards = {"gnu11", "c++20"};
    std::vector<std::string> c;
    std::vector<std::string> cxx;
    add_flags(c, flags, SourceLanguage::c);
    add_flags(cxx, flags, SourceLanguage::cxx);
    EXPECT_THAT(c, ElementsAre("-std=gnu11"));
    EXPECT_THAT(cxx, ElementsAre("-std=c++20"));
}

TEST(WithLongOptions, makes_clangs_long_options_with_one_dash_readable) {
    EXPECT_THAT(with_long_options({"-std=c11", "-include", "a.h", "-I", "inc"}),
                ElementsAre("--std=c11", "--include", "a.h", "-I", "inc"));
}

TEST(WithLongOptions, makes_the_options_about_dependencies_readable) {
    EXPECT_THAT(with_long_options({"-MD", "-MMD", "-MP", "-MF", "p.d", "-MTp.wasm", "-MQ", "p"}),
                ElementsAre("--MD", "--MMD", "--MP", "--MF", "p.d", "--MT=p.wasm", "--MQ", "p"));
}

TEST(WithLongOptions, leaves_a_guests_arguments_alone) {
    EXPECT_THAT(with_long_options({"a.wasm", "--", "-std=c11"}), Contains("-std=c11"));
    EXPECT_THAT(with_long_options({"-stdin"}), Not(Contains("--stdin")));
}

} // namespace
