#include "compiler/compiler_flags.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::ElementsAre;

TEST(CompilerFlags, are_passed_on_as_clang_takes_them) {
    CompilerFlags flags;
    flags.include_folders = {"inc"};
    flags.definitions = {"A=1"};
    flags.undefinitions = {"B"};
    flags.warnings = {"all"};
    flags.features = {"no-builtin"};
    flags.forced_includes = {"first.h"};
    flags.system_folders = {"sys"};
    flags.quote_folders = {"quote"};
    flags.last_folders = {"last"};
    std::vector<std::string> arguments;
    add_flags(arguments, flags, SourceLanguage::c);
    EXPECT_THAT(arguments, ElementsAre("-Iinc", "-DA=1", "-UB", "-Wall", "-fno-builtin", "-iquote", "quote",
                                       "-isystem", "sys", "-idirafter", "last", "-include", "first.h"));
}

TEST(CompilerFlags, whose_values_the_compiler_takes_apart_are_two_words) {
    std::vector<std::string> arguments;
    add_flags(arguments, {.features = {"error-limit=1", "pack-struct=1"}}, SourceLanguage::c);
    EXPECT_THAT(arguments, ElementsAre("-ferror-limit", "1", "-fpack-struct=1"));
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

} // namespace
