#include "runtime-min/attach_target.h"

#include "guest/c/include/ecc/host.h"
#include "runtime-min/attachment.h"
#include "tests/unit/runtime/guest_process.h"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>

namespace ecc {

namespace {

TargetSetting setting(std::string_view text) {
    return parse_target_setting(text).value();
}

void expect_usage_error(std::string_view text, std::string_view says) {
    const auto result = parse_target_setting(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().fault, Fault::usage);
    EXPECT_NE(result.error().what.find(says), std::string::npos) << result.error().what;
}

/// An object of programs at many sections, opened and not loaded.
class TargetsTest : public testing::Test {
protected:
    TargetsTest() : object_(bpf_object__open(test::guest_path("sections.bpf.o").c_str())) {}
    ~TargetsTest() override { bpf_object__close(object_); }

    AttachRequest apply(const char* name, const std::vector<TargetSetting>& settings,
                        const AttachRequest& asked = {}) {
        return apply_targets(settings, program(name), asked);
    }
    ProgramFacts program(const char* name) const {
        return facts_of(bpf_object__find_program_by_name(object_, name));
    }

    bpf_object* object_;
};

} // namespace

TEST(TargetSettingTest, splits_program_key_and_value) {
    EXPECT_EQ(setting("drop.target=eth0"), (TargetSetting{"drop", "target", "eth0"}));
}

TEST(TargetSettingTest, keeps_equal_signs_and_dots_of_the_value) {
    EXPECT_EQ(setting("read.target=/opt/a.b=c"), (TargetSetting{"read", "target", "/opt/a.b=c"}));
}

TEST(TargetSettingTest, refuses_text_without_program_key_or_value) {
    expect_usage_error("drop", "PROGRAM.KEY=VALUE");
    expect_usage_error("drop.target", "PROGRAM.KEY=VALUE");
    expect_usage_error("target=eth0", "PROGRAM.KEY=VALUE");
    expect_usage_error(".target=eth0", "PROGRAM.KEY=VALUE");
    expect_usage_error("", "PROGRAM.KEY=VALUE");
}

TEST(TargetSettingTest, refuses_an_unknown_key_and_lists_the_known_ones) {
    const auto result = parse_target_setting("drop.device=eth0");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().what.find("'device'"), std::string::npos);
    EXPECT_NE(result.error().hint.find("target"), std::string::npos);
}

TEST(TargetSettingTest, shows_the_right_form_of_a_value_that_it_does_not_take) {
    const auto empty = parse_target_setting("prog.target=");
    ASSERT_FALSE(empty);
    EXPECT_THAT(empty.error().what, testing::HasSubstr("--set prog.target= takes an interface"));
    EXPECT_EQ(empty.error().hint, "--set prog.target=eth0");
    EXPECT_EQ(parse_target_setting("prog.pid=all").error().hint, "--set prog.pid=42");
}

TEST(TargetSettingTest, refuses_values_that_the_key_does_not_take) {
    expect_usage_error("drop.target=", "an interface");
    expect_usage_error("drop.pid=init", "a process");
    expect_usage_error("drop.pid=99999999999", "a process");
    expect_usage_error("drop.cookie=-1", "a number from 0");
    expect_usage_error("drop.hook=sideways", "ingress, egress");
    expect_usage_error("drop.priority=1x", "a number");
}

TEST(TargetSettingTest, must_name_a_program_of_the_package) {
    const std::vector<ObjectFacts> objects{
        {.programs = {{"drop", "xdp", BPF_PROG_TYPE_XDP, ""}, {"count", "xdp", BPF_PROG_TYPE_XDP, ""}}}};
    EXPECT_TRUE(check_target_settings({setting("drop.target=lo")}, objects));
    const auto result = check_target_settings({setting("dorp.target=lo")}, objects);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().what.find("'dorp'"), std::string::npos);
    EXPECT_EQ(result.error().hint, "drop, count");
}

/// Which keys a program with this section takes, in their order; what else the message says.
std::string taken(const std::string& section, ProgramType type) {
    const ProgramFacts program{"p", section, type, ""};
    std::string names;
    for (const char* text : {"p.target=a", "p.symbol=a", "p.offset=1", "p.pid=1", "p.cookie=1",
                             "p.priority=1", "p.family=1", "p.flags=1", "p.frequency=1", "p.hook=1"}) {
        const auto one = setting(text);
        if (check_target_settings({one}, program, ECC_ATTACH_SECTION))
            names += one.key + " ";
    }
    return names;
}

TEST(TargetSettingTest, must_be_of_use_to_the_kind_of_its_program) {
    EXPECT_EQ(taken("xdp", BPF_PROG_TYPE_XDP), "target flags ");
    EXPECT_EQ(taken("tc", BPF_PROG_TYPE_SCHED_CLS), "target priority hook ");
    EXPECT_EQ(taken("cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB), "target ");
    EXPECT_EQ(taken("lsm_cgroup/socket_bind", BPF_PROG_TYPE_LSM), "target ");
    EXPECT_EQ(taken("tracepoint/a/b", BPF_PROG_TYPE_TRACEPOINT), "target cookie ");
    EXPECT_EQ(taken("raw_tp/a", BPF_PROG_TYPE_RAW_TRACEPOINT), "target cookie ");
    EXPECT_EQ(taken("kprobe/a", BPF_PROG_TYPE_KPROBE), "target offset cookie flags ");
    EXPECT_EQ(taken("kprobe", BPF_PROG_TYPE_KPROBE), "target symbol offset pid cookie flags ");
    EXPECT_EQ(taken("kprobe.multi/a", BPF_PROG_TYPE_KPROBE), "target flags ");
    EXPECT_EQ(taken("uprobe/a:b", BPF_PROG_TYPE_KPROBE), "target symbol offset pid cookie flags ");
    EXPECT_EQ(taken("usdt/a:b:c", BPF_PROG_TYPE_KPROBE), "target symbol pid cookie ");
    EXPECT_EQ(taken("perf_event", BPF_PROG_TYPE_PERF_EVENT), "pid cookie flags frequency ");
    EXPECT_EQ(taken("netfilter", 32), "priority family flags hook ");
    for (const char* section : {"tp_btf/a", "fentry/a", "fexit.s/a", "fmod_ret/a"})
        EXPECT_EQ(taken(section, BPF_PROG_TYPE_TRACING), "target ") << section;
    EXPECT_EQ(taken("lsm/file_open", BPF_PROG_TYPE_LSM), "target ");
    EXPECT_EQ(taken("iter/task_file", BPF_PROG_TYPE_TRACING), "pid ");
    EXPECT_EQ(taken("iter.s/cgroup", BPF_PROG_TYPE_TRACING), "target flags ");
    EXPECT_EQ(taken("iter/bpf_map", BPF_PROG_TYPE_TRACING), "");
    EXPECT_EQ(taken("freplace/a", BPF_PROG_TYPE_EXT), "");
    EXPECT_EQ(taken("ksyscall/a", BPF_PROG_TYPE_KPROBE), "");
    EXPECT_EQ(taken("struct_ops/a", BPF_PROG_TYPE_STRUCT_OPS), "");
}

TEST(TargetSettingTest, says_what_its_program_takes_instead) {
    const auto complaint = [](const char* text, const ProgramFacts& program) {
        return check_target_settings({setting(text)}, program, ECC_ATTACH_SECTION).error();
    };
    const auto pid = complaint("p.pid=1", {"p", "tracepoint/a/b", BPF_PROG_TYPE_TRACEPOINT, ""});
    EXPECT_EQ(pid.fault, Fault::usage);
    EXPECT_EQ(pid.what, "--set p.pid: a program with the section \"tracepoint/a/b\" has no use for 'pid'");
    EXPECT_EQ(pid.hint, "target, cookie, which it takes");
    EXPECT_THAT(complaint("p.target=a", {"p", "freplace/a", BPF_PROG_TYPE_EXT, ""}).hint,
                testing::HasSubstr("a function of another program"));
    EXPECT_EQ(complaint("p.cookie=1", {"p", "socket", BPF_PROG_TYPE_SOCKET_FILTER, ""}).hint,
              "leaving it out: nothing can be set for such a program");
}

TEST(TargetSettingTest, must_be_of_use_where_the_guest_attaches_the_program) {
    const ProgramFacts program{"p", "kprobe", BPF_PROG_TYPE_KPROBE, ""};
    EXPECT_TRUE(check_target_settings({setting("p.offset=1")}, program, ECC_ATTACH_UPROBE));
    EXPECT_FALSE(check_target_settings({setting("p.offset=1")}, program, ECC_ATTACH_TRACEPOINT));
    EXPECT_FALSE(check_target_settings({setting("p.offset=1")}, program, 0xffffffff));
    EXPECT_TRUE(check_target_settings({setting("p.symbol=f")}, program, ECC_ATTACH_UPROBE));
    EXPECT_FALSE(check_target_settings({setting("p.symbol=f")}, program, ECC_ATTACH_KPROBE));
    EXPECT_TRUE(check_target_settings({setting("q.offset=1")}, program, ECC_ATTACH_TRACEPOINT));
}

TEST_F(TargetsTest, leave_a_request_alone_that_is_for_another_program) {
    const AttachRequest asked{.kind = ECC_ATTACH_SECTION};
    EXPECT_EQ(apply("on_packet", {setting("on_read.pid=1")}, asked), asked);
}

TEST_F(TargetsTest, turn_a_section_into_the_kind_of_its_program) {
    EXPECT_EQ(apply("on_packet", {setting("on_packet.target=lo")}),
              (AttachRequest{.kind = ECC_ATTACH_INTERFACE, .target = "lo"}));
    EXPECT_EQ(apply("on_egress", {setting("on_egress.target=lo")}),
              (AttachRequest{.kind = ECC_ATTACH_TC, .target = "lo", .hook = ECC_TC_EGRESS}));
    EXPECT_EQ(apply("on_socket", {setting("on_socket.target=/sys/fs/cgroup")}),
              (AttachRequest{.kind = ECC_ATTACH_CGROUP, .target = "/sys/fs/cgroup"}));
}

TEST_F(TargetsTest, keep_what_the_section_says_where_they_say_nothing) {
    EXPECT_EQ(apply("on_read", {setting("on_read.pid=42")}), (AttachRequest{.kind = ECC_ATTACH_UPROBE,
                                                                            .target = "/bin/sh",
                                                                            .function = "read_line",
                                                                            .flags = ECC_ATTACH_RETURN,
                                                                            .offset = 16,
                                                                            .pid = 42}));
    EXPECT_EQ(apply("on_call", {setting("on_call.cookie=0x10")}),
              (AttachRequest{.kind = ECC_ATTACH_KPROBE, .target = "do_unlinkat", .cookie = 16, .offset = 8}));
    EXPECT_EQ(apply("on_switch", {setting("on_switch.cookie=1")}),
              (AttachRequest{.kind = ECC_ATTACH_TRACEPOINT, .target = "sched:sched_switch", .cookie = 1}));
    EXPECT_EQ(apply("on_probe", {setting("on_probe.pid=7")}),
              (AttachRequest{.kind = ECC_ATTACH_USDT, .target = "/bin/sh", .function = "sh:line", .pid = 7}));
}

TEST_F(TargetsTest, win_over_what_the_guest_asked_for) {
    const AttachRequest asked{.kind = ECC_ATTACH_INTERFACE, .ifindex = 3, .flags = 2};
    EXPECT_EQ(apply("on_packet", {setting("on_packet.target=lo")}, asked),
              (AttachRequest{.kind = ECC_ATTACH_INTERFACE, .target = "lo", .flags = 2}));
}

TEST_F(TargetsTest, make_the_hook_that_a_policy_looks_at) {
    const auto hook = [&](const char* name, const std::vector<TargetSetting>& settings,
                          const AttachRequest& asked = {}) {
        return chosen_hook(settings, program(name), asked);
    };
    EXPECT_EQ(hook("on_switch", {}), "tp/sched/sched_switch");
    EXPECT_EQ(hook("on_switch", {setting("on_call.target=do_exit")}), "tp/sched/sched_switch");
    EXPECT_EQ(hook("on_switch", {setting("on_switch.cookie=1")}), "tp/sched/sched_switch");
    EXPECT_EQ(hook("on_switch", {setting("on_switch.target=irq:irq_handler_entry")}),
              "tp/irq/irq_handler_entry");
    EXPECT_EQ(hook("on_call", {setting("on_call.target=do_exit")}), "kprobe/do_exit+8");
    EXPECT_EQ(hook("on_call", {setting("on_call.offset=0")}), "kprobe/do_unlinkat");
    EXPECT_EQ(hook("on_call", {setting("on_call.flags=1"), setting("on_call.offset=0")}),
              "kretprobe/do_unlinkat");
    EXPECT_EQ(hook("on_read", {setting("on_read.pid=1")}), "uretprobe//bin/sh:read_line+16");
    EXPECT_EQ(hook("on_read", {setting("on_read.target=/bin/x"), setting("on_read.symbol=f")}),
              "uretprobe//bin/x:f+16");
    EXPECT_EQ(hook("on_probe", {setting("on_probe.symbol=sh:end")}), "usdt//bin/sh:sh:end");
    EXPECT_EQ(hook("on_packet", {setting("on_packet.target=lo")}), "xdp");
    EXPECT_EQ(hook("on_egress", {setting("on_egress.hook=ingress")}), "tc/ingress");
    EXPECT_EQ(hook("on_socket", {setting("on_socket.target=/sys/fs/cgroup")}), "cgroup_skb/ingress");
    EXPECT_EQ(hook("on_call", {}, {.kind = ECC_ATTACH_KPROBE, .target = "do_exit"}), "kprobe/do_exit");
    EXPECT_EQ(hook("on_call", {}, {.kind = ECC_ATTACH_UPROBE, .target = "/bin/sh"}), "uprobe//bin/sh:");
}

TEST(ChosenHook, of_what_is_fitted_at_the_load_is_the_function_that_is_set) {
    const ProgramFacts program{"p", "fentry.s/do_exit", BPF_PROG_TYPE_TRACING, ""};
    EXPECT_EQ(chosen_hook({}, program, {}), "fentry.s/do_exit");
    EXPECT_EQ(chosen_hook({setting("p.target=do_a"), setting("p.target=do_b")}, program, {}),
              "fentry.s/do_b");
}

TEST(ChosenHook, of_a_probe_that_names_no_function_is_a_files_if_only_files_have_what_is_set) {
    const auto hook = [](const char* section, std::vector<TargetSetting> settings) {
        return chosen_hook(settings, {"p", section, BPF_PROG_TYPE_KPROBE, ""}, {});
    };
    EXPECT_EQ(hook("kprobe", {setting("p.target=do_exit")}), "kprobe/do_exit");
    EXPECT_EQ(hook("kprobe", {setting("p.target=/bin/sh")}), "uprobe//bin/sh:");
    EXPECT_EQ(hook("kretprobe", {setting("p.target=libc.so.6"), setting("p.symbol=malloc")}),
              "uretprobe/libc.so.6:malloc");
    EXPECT_EQ(hook("kprobe", {setting("p.target=do_exit"), setting("q.symbol=f")}), "kprobe/do_exit");
}

TEST_F(TargetsTest, are_undeclared_if_only_the_guest_names_them) {
    const auto undeclared = [&](const char* name, const AttachRequest& asked,
                                const std::vector<TargetSetting>& settings = {}) {
        return is_undeclared(settings, program(name), asked);
    };
    const AttachRequest elsewhere{.kind = ECC_ATTACH_KPROBE, .target = "do_exit"};
    EXPECT_TRUE(undeclared("on_call", elsewhere));
    EXPECT_FALSE(undeclared("on_call", apply("on_call", {setting("on_call.pid=3")})));
    EXPECT_FALSE(undeclared("on_call", elsewhere, {setting("on_call.target=do_exit")}));
    EXPECT_TRUE(undeclared("on_call", elsewhere, {setting("on_call.pid=3")}));
    EXPECT_FALSE(undeclared("on_call", {.kind = ECC_ATTACH_PERF_EVENT}));
    AttachRequest declared = apply("on_call", {setting("on_call.pid=3")});
    declared.offset += 4096;
    EXPECT_TRUE(undeclared("on_call", declared)) << "another instruction of the function, or of the file";
    declared.offset -= 4096;
    declared.flags ^= ECC_ATTACH_RETURN;
    EXPECT_TRUE(undeclared("on_call", declared)) << "its return in place of its call";
}

} // namespace ecc
