#include "runtime-min/attach_hint.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AttachHint, asks_for_another_tracepoint_only_if_there_is_none_of_that_name) {
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_TRACEPOINT, ENOENT), HasSubstr("a tracepoint of this kernel"));
    for (const int error : {EPERM, EACCES, EINVAL, EEXIST, EBUSY, EMFILE, ENOMEM, EOPNOTSUPP, EIO})
        EXPECT_THAT(attach_hint(BPF_PROG_TYPE_TRACEPOINT, error),
                    Not(HasSubstr("a tracepoint of this kernel")))
            << error;
}

TEST(AttachHint, asks_for_permission_where_that_is_missing) {
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_TRACEPOINT, EACCES), HasSubstr("perf_event_paranoid"));
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_KPROBE, EPERM), HasSubstr("as root"));
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_XDP, EPERM), HasSubstr("as root"));
}

TEST(AttachHint, names_where_to_look_for_a_function_that_can_be_probed) {
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_KPROBE, ENOENT), HasSubstr("/proc/kallsyms"));
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_KPROBE, EINVAL), HasSubstr("available_filter_functions"));
}

TEST(AttachHint, says_how_to_free_an_interface_that_is_taken) {
    EXPECT_THAT(attach_hint(BPF_PROG_TYPE_XDP, EBUSY), HasSubstr("xdp off"));
}

TEST(AttachHint, says_nothing_where_the_errno_says_it_all) {
    EXPECT_EQ(attach_hint(BPF_PROG_TYPE_TRACEPOINT, EIO), "");
}

} // namespace
} // namespace ecc
