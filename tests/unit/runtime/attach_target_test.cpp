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
        return apply_targets(settings, bpf_object__find_program_by_name(object_, name), asked);
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
    EXPECT_TRUE(check_target_settings({setting("drop.pid=1")}, {"drop", "count"}));
    const auto result = check_target_settings({setting("dorp.pid=1")}, {"drop", "count"});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().what.find("'dorp'"), std::string::npos);
    EXPECT_EQ(result.error().hint, "drop, count");
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

TEST_F(TargetsTest, are_undeclared_if_only_the_guest_names_them) {
    const auto undeclared = [&](const char* name, const AttachRequest& asked,
                                const std::vector<TargetSetting>& settings = {}) {
        return is_undeclared(settings, bpf_object__find_program_by_name(object_, name), asked);
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
