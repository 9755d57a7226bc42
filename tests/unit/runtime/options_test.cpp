#include "runtime-min/options.h"

#include "packager/package/permission_words.h"
#include "support/files.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Result<Options> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "ecc-run");
    return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(Options, pass_everything_after_two_dashes_to_the_program) {
    const auto options = parse({"--verbose", "a.wasm", "--", "--json", "--", "-v"}).value();
    EXPECT_EQ(options.file, "a.wasm");
    EXPECT_TRUE(options.verbose);
    EXPECT_THAT(options.arguments, ElementsAre("--json", "--", "-v"));
}

TEST(Options, leave_the_file_alone_that_stands_behind_an_option_with_a_value) {
    const auto options =
        parse({"--allow", "act", "a.wasm", "--set", "p.pid=1", "--limit", "programs=3", "--timeout", "1"})
            .value();
    EXPECT_EQ(options.file, "a.wasm");
    EXPECT_TRUE(options.permissions.act);
    EXPECT_EQ(options.targets.size(), 1u);
}

TEST(Options, permit_nothing_by_default) {
    const auto options = parse({"a.wasm"}).value();
    EXPECT_FALSE(options.permissions.act);
    EXPECT_FALSE(options.permissions.bytes);
    EXPECT_TRUE(options.permissions.files.empty());
    EXPECT_FALSE(options.timeout);
}

TEST(Options, take_permissions_repeated_or_with_commas) {
    const auto dir = TempDir::make().value();
    const auto files = "files=" + dir.path().string() + ":rw";
    const auto options =
        parse({"--allow", "act,bytes", "--allow", "env=A", "--allow", files.c_str(), "x"}).value();
    EXPECT_TRUE(options.permissions.act);
    EXPECT_TRUE(options.permissions.bytes);
    EXPECT_THAT(options.permissions.environment, ElementsAre("A"));
    EXPECT_THAT(options.permissions.files, ElementsAre(Permissions::Folder{dir.path().string(), true}));
}

TEST(Options, refuse_a_value_for_an_environment_variable) {
    const auto refused = parse({"--allow", "env=A=B", "x"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("env=A=B: a variable's name has no '='"));
    EXPECT_THAT(refused.error().hint, HasSubstr("A=B ecc-run"));
}

TEST(Options, refuse_permissions_that_do_not_exist) {
    for (const char* word : {"pin=/x", "pin=", "pin", "attach=x", "env=", "files=", "ACT", ""}) {
        const auto options = parse({"--allow", word, "a.wasm"});
        ASSERT_FALSE(options) << word;
        EXPECT_EQ(options.error().fault, Fault::usage);
    }
}

TEST(Options, know_every_word_that_a_shell_completes) {
    for (const std::string_view word : permission_words) {
        const std::string whole = std::string(word) + (word.ends_with('=') ? "no-such-thing" : "");
        const auto options = parse({"--allow", whole.c_str(), "a.wasm"});
        const std::string complaint = options ? "" : options.error().what;
        EXPECT_THAT(complaint, testing::Not(HasSubstr("not a permission"))) << word;
    }
}

TEST(Options, refuse_a_folder_that_is_none) {
    EXPECT_THAT(parse({"--allow", "files=/no/such/folder", "x"}).error().what, HasSubstr("not a folder"));
}

TEST(Options, never_make_the_kernels_files_writable) {
    EXPECT_TRUE(parse({"--allow", "files=/proc", "x"}));
    EXPECT_THAT(parse({"--allow", "files=/proc:rw", "x"}).error().what, HasSubstr("belongs to the kernel"));
    EXPECT_THAT(parse({"--allow", "files=/proc/sys/kernel:rw", "x"}).error().what, HasSubstr("/proc"));
    EXPECT_FALSE(parse({"--allow", "files=/:rw", "x"}));
}

TEST(Options, take_a_time_limit_in_seconds) {
    EXPECT_EQ(parse({"--timeout", "1.5", "x"})->timeout, 1500ms);
    for (const char* word : {"0", "-1", "soon", "nan", "1e30", "10s", ""}) {
        const auto refused = parse({"--timeout", word, "x"});
        ASSERT_FALSE(refused) << word;
        EXPECT_THAT(refused.error().what, HasSubstr("takes a number of seconds, from 0.001")) << word;
        EXPECT_THAT(refused.error().hint, HasSubstr("--timeout 10")) << word;
    }
}

TEST(Options, need_exactly_one_file) {
    EXPECT_FALSE(parse({}));
    EXPECT_FALSE(parse({"a.wasm", "b.wasm"}));
    EXPECT_FALSE(parse({"--", "a.wasm"}));
    EXPECT_FALSE(parse({"a.wasm", "--json"}));
}

TEST(Options, tell_what_they_are) {
    EXPECT_THAT(parse({"--help"})->print, HasSubstr("files=DIR[:rw]"));
    EXPECT_THAT(parse({"--version"})->print,
                AllOf(HasSubstr("ecc-run "), HasSubstr("\nlibbpf "), HasSubstr("\nwasmtime ")));
}

} // namespace
} // namespace ecc
