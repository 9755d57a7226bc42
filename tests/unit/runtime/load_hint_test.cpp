#include "runtime-min/load_hint.h"
#include "runtime-min/resource_hint.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;

TEST(LoadHint, goes_by_the_verdict_rather_than_the_errno) {
    const auto hint = load_hint("R1 invalid mem access 'map_value_or_null'", EACCES);
    EXPECT_THAT(hint, HasSubstr("NULL"));
}

TEST(LoadHint, knows_verdicts_of_old_and_new_kernels) {
    for (const char* verdict : {"R1 invalid mem access 'inv'", "R1 invalid mem access 'scalar'"})
        EXPECT_THAT(load_hint(verdict, EACCES), HasSubstr("BPF_CORE_READ"));
}

TEST(LoadHint, shows_where_to_look_for_a_verdict_that_it_does_not_know) {
    EXPECT_THAT(load_hint("something that nobody said before", EINVAL), HasSubstr("verifier's log"));
}

TEST(LoadHint, goes_by_the_errno_without_a_verdict) {
    EXPECT_THAT(load_hint("", EPERM), HasSubstr("as root"));
    EXPECT_THAT(load_hint("", EINVAL), HasSubstr("newer kernel"));
    EXPECT_THAT(load_hint("", EMFILE), HasSubstr("ulimit -n"));
    EXPECT_EQ(load_hint("", EIO), "");
}

TEST(ResourceHint, names_each_limit_and_nothing_else) {
    EXPECT_THAT(resource_hint(EMFILE), HasSubstr("ulimit -n"));
    EXPECT_THAT(resource_hint(EAGAIN), HasSubstr("ulimit -u"));
    EXPECT_THAT(resource_hint(ENOMEM), HasSubstr("memory"));
    EXPECT_EQ(resource_hint(EPERM), "");
}

} // namespace
} // namespace ecc
