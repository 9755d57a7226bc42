#include "compiler/program_sections.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

TEST(SimilarSections, keep_the_target_that_follows) {
    EXPECT_THAT(similar_sections("tracepoints/syscalls/sys_enter_openat"),
                ElementsAre("tracepoint/syscalls/sys_enter_openat"));
    EXPECT_THAT(similar_sections("kprob/do_unlinkat"), Contains("kprobe/do_unlinkat"));
    EXPECT_THAT(similar_sections("raw_tracepiont/sched_switch"), Contains("raw_tracepoint/sched_switch"));
}

TEST(SimilarSections, of_two_words_are_compared_as_a_whole) {
    EXPECT_THAT(similar_sections("cgroup_skb/ingres"), Contains("cgroup_skb/ingress"));
    EXPECT_THAT(similar_sections("cgroup/conect4"), Contains("cgroup/connect4"));
}

TEST(SimilarSections, know_the_names_that_older_libbpf_took) {
    EXPECT_THAT(similar_sections("xdp_drop"), Contains("xdp"));
    EXPECT_THAT(similar_sections("socket1"), Contains("socket"));
    EXPECT_THAT(similar_sections("classifier/ingress"), Contains("classifier"));
}

TEST(SimilarSections, are_few) {
    EXPECT_THAT(similar_sections("cgroup/getsocknam"), SizeIs(Le(3u)));
}

TEST(SimilarSections, are_none_of_what_is_like_nothing) {
    EXPECT_THAT(similar_sections("foo/bar"), IsEmpty());
    EXPECT_THAT(similar_sections(""), IsEmpty());
    EXPECT_THAT(similar_sections("////"), IsEmpty());
}

} // namespace
