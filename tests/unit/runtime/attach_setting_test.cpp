// --set, policies and guests that disagree about where a program attaches, on the running kernel.
#include "tests/unit/runtime/guest_process.h"

#include "support/files.h"

#include <gmock/gmock.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class AttachSetting : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root"; }

    Ended start(std::vector<std::string> options, const std::vector<std::string>& arguments) const {
        options.insert(options.end(), {"--no-cache", loader_.path(), "--"});
        options.insert(options.end(), arguments.begin(), arguments.end());
        return run(options);
    }
    std::string policy(const std::string& text) const {
        const auto path = (root_.path() / "policy.toml").string();
        write_file(path, as_bytes("version = 1\n[only]\n" + text)).value();
        return path;
    }

    TempDir root_ = TempDir::make().value();
    TemporaryFile loader_{packaged("load.wasm", {"observing"})};
};

/// The host's answer is a handle.
const auto is_attached = HasSubstr("then 1073");

TEST_F(AttachSetting, cannot_leave_the_hooks_of_a_policy) {
    const auto rules = policy("permissions = []\nhooks = [\"tracepoint/syscalls/*\", \"tp_btf/sys_enter\", "
                              "\"kprobe/do_unlinkat\", \"iter/task\"]");
    EXPECT_THAT(start({"--policy", rules}, {"observing", "attach", "on_call"}).out, is_attached);
    EXPECT_THAT(start({"--policy", rules, "--set", "on_call.target=syscalls:sys_exit_getpriority"},
                      {"observing", "attach", "on_call"})
                    .out,
                is_attached);
    for (const char* setting : {"on_call.target=sched:sched_switch", "on_enter.target=sched_switch",
                                "on_unlink.target=do_exit", "on_unlink.flags=1"}) {
        for (const char* mode : {"--explain", "--stats"}) {
            const auto ended =
                start({mode, "--policy", rules, "--set", setting}, {"observing", "attach", "on_call"});
            EXPECT_EQ(ended.status, 125) << mode << setting;
            EXPECT_THAT(ended.out + ended.err, HasSubstr(rules + " does not permit")) << mode << setting;
        }
    }
}

TEST_F(AttachSetting, is_not_what_lets_a_guest_leave_the_hooks_of_a_policy) {
    const auto rules = policy("hooks = [\"tracepoint/syscalls/*\", \"tp_btf/sys_enter\", "
                              "\"kprobe/do_unlinkat\", \"iter/task\"]");
    const std::vector<std::string> options{"--policy", rules, "--allow", "attach"};
    const auto attach = [&](const std::string& target) {
        return start(options, {"observing", "tracepoint", "on_call", target});
    };
    EXPECT_THAT(attach("syscalls:sys_exit_getpriority").out, is_attached);
    for (const char* target : {"sched:sched_switch", "syscalls:../sched/sched_switch"}) {
        const auto elsewhere = attach(target);
        EXPECT_THAT(elsewhere.out, HasSubstr("then -1\n")) << target;
        EXPECT_THAT(elsewhere.err, HasSubstr("sched/sched_switch\", which " + rules)) << target;
    }
    const auto fitted = start(options, {"observing", "function", "on_enter", "sched_switch"});
    EXPECT_THAT(fitted.out, HasSubstr("status -1\n"));
    EXPECT_THAT(fitted.err, HasSubstr("the hook \"tp_btf/sched_switch\", which " + rules));
}

TEST_F(AttachSetting, is_refused_where_its_program_has_no_use_for_it) {
    for (const char* setting :
         {"on_call.pid=1", "on_call.symbol=f", "on_call.hook=ingress", "on_call.family=2",
          "on_call.frequency=49", "on_call.priority=1", "on_enter.pid=1", "on_tasks.target=x"}) {
        for (const char* mode : {"--explain", "--stats"}) {
            const auto ended = start({mode, "--set", setting}, {"observing", "attach", "on_call"});
            EXPECT_EQ(ended.status, 125) << mode << setting;
            EXPECT_THAT(ended.out, Not(HasSubstr("status"))) << "it ran";
            EXPECT_THAT(ended.out + ended.err, HasSubstr("has no use for '")) << mode << setting;
        }
    }
    EXPECT_THAT(start({"--set", "on_call.pid=1"}, {"observing"}).err,
                HasSubstr("target, cookie, which it takes"));
}

TEST_F(AttachSetting, chooses_what_a_program_is_fitted_to_at_the_load) {
    const auto chosen = start({"--set", "on_enter.target=sched_switch"}, {"observing", "attach", "on_enter"});
    EXPECT_THAT(chosen.out, is_attached) << chosen.err;
    const auto absent =
        start({"--set", "on_enter.target=no_such_thing"}, {"observing", "attach", "on_enter"});
    EXPECT_THAT(absent.out, Not(HasSubstr("status 0\n")));
    EXPECT_THAT(absent.err, HasSubstr("cannot be attached to 'no_such_thing'"));
    // It wins over the guest, who then needs no permission.
    const auto both =
        start({"--set", "on_enter.target=sys_exit"}, {"observing", "function", "on_enter", "no_such_thing"});
    EXPECT_THAT(both.out, is_attached) << both.err;
}

TEST_F(AttachSetting, narrows_an_iterator_to_a_process) {
    const auto ended = start({"--set", "on_tasks.pid=1"}, {"observing", "attach", "on_tasks"});
    EXPECT_THAT(ended.out, is_attached) << ended.err;
}

} // namespace
} // namespace ecc::test
