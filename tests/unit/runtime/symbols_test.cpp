// Kernel symbols as a guest looks them up, on this kernel.
#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const std::string symbols = guest_path("symbols.wasm");

TEST(Symbols, are_looked_up_if_that_is_allowed) {
    const auto ended = run({"--allow", "symbols", symbols, "--", "find", "schedule"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, MatchesRegex("find 0\nat 8 ([0-9a-f]+) schedule\nat 8 [0-9a-f]+ schedule\n"
                                        "at 8 [0-9a-f]+ sch\nagain -2\n"));
}

TEST(Symbols, are_refused_with_the_flag_that_allows_them) {
    for (const auto& words : {std::vector<std::string>{"find", "schedule"}, {"at", "ffffffff81000000"}}) {
        const auto ended = run({symbols, "--", words[0], words[1]});
        EXPECT_EQ(ended.status, 1);
        EXPECT_THAT(ended.out, HasSubstr(words[0] + " -1")) << "EPERM";
        EXPECT_THAT(ended.err, HasSubstr("--allow symbols"));
    }
}

TEST(Symbols, are_not_where_no_function_is) {
    for (const char* address : {"0", "7fff00000000", "ffffffffffffffff"})
        EXPECT_THAT(run({"--allow", "symbols", symbols, "--", "at", address}).out, HasSubstr("at -2 0"));
}

TEST(Symbols, are_hidden_from_a_guest_that_gave_its_capabilities_up_first) {
    const auto ended = run({"--allow", "symbols", symbols, "--", "seal", "schedule"});
    EXPECT_THAT(ended.out, HasSubstr("seal 0\nfind -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("hides"));
    EXPECT_THAT(ended.err, HasSubstr("kptr_restrict"));
}

} // namespace
} // namespace ecc::test
