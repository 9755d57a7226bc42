// What stays attached when a process ends, and who removes it. In a network namespace of the test's own.
#include "runtime-min/classic_tc.h"
#include "tests/unit/runtime/guest_process.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <net/if.h>
#include <sched.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ecc {
namespace {

using namespace std::chrono_literals;

int load_filter() {
    const bpf_insn code[]{{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 0}, {.code = BPF_JMP | BPF_EXIT}};
    return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "nothing", "GPL", code, 2, nullptr);
}

/// The program at that place, 0 if there is none.
std::uint32_t filter_at(std::uint32_t handle, std::uint32_t priority) {
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(if_nametoindex("lo")),
                .attach_point = BPF_TC_INGRESS);
    LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = priority);
    return bpf_tc_query(&hook, &options) == 0 ? options.prog_id : 0;
}

bool gone_soon(std::uint32_t handle, std::uint32_t priority) {
    for (int i = 0; i < 1000; ++i) {
        if (filter_at(handle, priority) == 0)
            return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

class JanitorTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << "these tests need root";
        program_ = load_filter();
        ASSERT_GE(program_, 0);
        libbpf_set_print(nullptr);
    }
    void TearDown() override { ::close(program_); }

    /// Runs `work` in a process that is killed when it is through.
    template <class Work> void in_killed_process(Work work) {
        const pid_t child = ::fork();
        if (child == 0) {
            auto janitor = Janitor::start();
            if (janitor && work(*janitor))
                ::raise(SIGKILL);
            ::_exit(1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the work failed";
    }

    OrErrno<ClassicTcFilter> attach(std::uint32_t priority, Janitor& janitor) {
        return ClassicTcFilter::attach(static_cast<int>(if_nametoindex("lo")), TcHook::ingress, program_,
                                       priority, janitor);
    }

    int program_ = -1;
};

TEST_F(JanitorTest, removes_filters_of_a_process_that_was_killed) {
    in_killed_process([&](Janitor& janitor) {
        const auto first = attach(7, janitor), second = attach(0, janitor), third = attach(0, janitor);
        return first && second && third && filter_at(1, 7) != 0 && filter_at(1, 0xc000) != 0 &&
               filter_at(1, 0xc000 - 1) != 0;
    });
    EXPECT_TRUE(gone_soon(1, 7));
    EXPECT_TRUE(gone_soon(1, 0xc000));
    EXPECT_TRUE(gone_soon(1, 0xc000 - 1));
}

TEST_F(JanitorTest, leaves_alone_what_is_no_longer_ours) {
    const int other = load_filter();
    std::uint32_t id = 0;
    in_killed_process([&](Janitor& janitor) {
        auto ours = attach(7, janitor);
        // Somebody replaces the program at our place.
        LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(if_nametoindex("lo")),
                    .attach_point = BPF_TC_INGRESS);
        LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = other, .flags = BPF_TC_F_REPLACE, .handle = 1,
                    .priority = 7);
        auto ours_too = attach(8, janitor);
        return ours && ours_too && bpf_tc_attach(&hook, &options) == 0;
    });
    EXPECT_TRUE(gone_soon(1, 8)) << "then the janitor is through";
    id = filter_at(1, 7);
    EXPECT_NE(id, 0U);
    ::close(other);
}

TEST_F(JanitorTest, has_nothing_to_do_when_the_filter_was_removed) {
    auto janitor = Janitor::start();
    ASSERT_TRUE(janitor);
    {
        const auto filter = attach(9, *janitor);
        ASSERT_TRUE(filter);
        EXPECT_NE(filter_at(1, 9), 0U);
    }
    EXPECT_EQ(filter_at(1, 9), 0U);
}

TEST_F(JanitorTest, takes_the_next_place_where_somebody_has_a_filter) {
    auto janitor = Janitor::start();
    ASSERT_TRUE(janitor);
    const auto first = attach(5, *janitor), second = attach(5, *janitor);
    ASSERT_TRUE(first && second);
    EXPECT_NE(filter_at(1, 5), 0U);
    EXPECT_NE(filter_at(2, 5), 0U);
}

TEST_F(JanitorTest, need_not_clean_up_after_a_program_that_no_filter_runs) {
    const test::TemporaryFile package(test::packaged("load.wasm", {"acting"}));
    const auto ended = test::run({"--allow", "act,bytes", package.path(), "--", "acting", "tc", "pass"});
    EXPECT_THAT(ended.out, testing::HasSubstr("status 0\n")) << ended.err;
    EXPECT_THAT(ended.out, testing::HasSubstr("then -22\n"));
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(if_nametoindex("lo")),
                .attach_point = BPF_TC_INGRESS);
    EXPECT_EQ(bpf_tc_hook_create(&hook), 0) << "there is a clsact qdisc";
}

} // namespace
} // namespace ecc
