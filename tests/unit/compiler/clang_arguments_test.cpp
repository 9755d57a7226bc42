#include "compiler/clang_arguments.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> read(const std::vector<std::string>& arguments) {
    const auto result = read_clang_arguments(arguments);
    EXPECT_TRUE(result) << result.error().what;
    return result.value_or(std::vector<std::string>{});
}

TEST(ClangArguments, with_long_names_and_one_dash_become_options_of_two) {
    EXPECT_THAT(read({"-std=c11", "-include", "a.h", "-I", "inc"}),
                ElementsAre("--std=c11", "--include", "a.h", "-I", "inc"));
    EXPECT_THAT(read({"-MD", "-MMD", "-MP", "-MF", "p.d", "-MTp.wasm", "-MQ", "p"}),
                ElementsAre("--MD", "--MMD", "--MP", "--MF", "p.d", "--MT=p.wasm", "--MQ", "p"));
    EXPECT_THAT(read({"-isystem", "sys", "-isystemjoined", "-idirafter", "last", "-save-temps"}),
                ElementsAre("--isystem", "sys", "--isystem=joined", "--idirafter", "last", "--save-temps"));
}

TEST(ClangArguments, that_say_what_is_so_anyway_are_left_out) {
    EXPECT_THAT(read({"-g", "-O2", "-Os", "-target", "bpf", "--target=bpf", "-mcpu=v3", "-c", "-pipe"}),
                IsEmpty());
    EXPECT_THAT(read({"-fno-stack-protector", "-fno-asynchronous-unwind-tables"}), IsEmpty());
}

TEST(ClangArguments, about_warnings_and_features_are_passed_on) {
    EXPECT_THAT(read({"-Wall", "-Wno-unused", "-w", "-pedantic"}),
                ElementsAre("-Wall", "-Wno-unused", "-Wno-everything", "-Wpedantic"));
    EXPECT_THAT(read({"-fno-builtin", "-fshort-enums"}), ElementsAre("-fno-builtin", "-fshort-enums"));
    EXPECT_THAT(read({"-fdiagnostics-color=always", "-ferror-limit=1", "-funsigned-char", "-fpack-struct"}),
                ElementsAre("-fcolor-diagnostics", "-ferror-limit=1", "-fno-signed-char", "-fpack-struct=1"));
}

TEST(ClangArguments, after_two_dashes_are_files) {
    EXPECT_THAT(read({"a.wasm", "--", "-std=c11", "-g", "-O0"}),
                ElementsAre("a.wasm", "--", "-std=c11", "-g", "-O0"));
    EXPECT_THAT(read({"-"}), ElementsAre("-"));
}

struct Refusal {
    std::vector<std::string> arguments;
    std::string reason, hint;
};

class RefusedClangArgument : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedClangArgument, says_why_and_what_to_do) {
    const auto result = read_clang_arguments(GetParam().arguments);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::usage);
    EXPECT_THAT(result.error().what, HasSubstr(GetParam().arguments[0]));
    EXPECT_THAT(result.error().what, HasSubstr(GetParam().reason));
    EXPECT_THAT(result.error().hint, HasSubstr(GetParam().hint));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedClangArgument,
    ::testing::Values(
        Refusal{{"-O0"}, "always has -O2", "leave it out"}, Refusal{{"-O3"}, "-Os", "leave it out"},
        Refusal{{"-g0"}, "debug information", "-g"},
        Refusal{{"-target", "x86_64-linux"}, "-target=x86_64-linux", "--arch"},
        Refusal{{"-mcpu=v4"}, "-mcpu=v3", "--arch"}, Refusal{{"-march=native"}, "WebAssembly", "--arch"},
        Refusal{{"-S"}, "package", "--save-temps"}, Refusal{{"-E"}, "package", "--save-temps"},
        Refusal{{"-emit-llvm"}, "package", "--save-temps"}, Refusal{{"-M"}, "dependencies", "-MD"},
        Refusal{{"-save-temps=obj"}, "NAME.temps", "--save-temps"}, Refusal{{"-x", "c"}, "name", ".bpf.c"},
        Refusal{{"-lelf"}, "linked", "sources"}, Refusal{{"-L/usr/lib"}, "linked", "sources"},
        Refusal{{"-Wl,-z,now"}, "linked", "leave it out"}, Refusal{{"-Xclang", "-x"}, "break", "-f"},
        Refusal{{"-fsanitize=address"}, "run-time", "leave"}, Refusal{{"-flto"}, "bitcode", "leave"},
        Refusal{{"-fplugin=x.so"}, "plugin", "leave"},
        Refusal{{"-fstack-protector"}, "verifier proves", "leave"},
        Refusal{{"-fdiagnostics-color=never"}, "colours", "NO_COLOR"},
        Refusal{{"-fno-math-errno"}, "clang's driver", "leave"},
        Refusal{{"-fno-such-thing"}, "clang has no such option", "leave"},
        Refusal{{"-nostdinc"}, "WebAssembly", "-I"}));

} // namespace
