// Pins by path, in a bpf file system that only this test's processes see.
#include "tests/unit/runtime/guest_process.h"

#include "runtime-min/file_descriptor.h"
#include "support/digest.h"

#include <bpf/bpf.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace std::string_literals;

class PinTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root";
        ASSERT_EQ(::unshare(CLONE_NEWNS), 0);
        ASSERT_EQ(::mount(nullptr, "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
        ASSERT_EQ(::mount("bpf", "/sys/fs/bpf", "bpf", 0, nullptr), 0);
        std::filesystem::create_directory(folder);
    }
    void TearDown() override { ::umount2("/sys/fs/bpf", MNT_DETACH); }

    Ended run_mode(const char* mode, const std::vector<std::string>& options) {
        auto arguments = options;
        arguments.insert(arguments.end(), {file.path(), "--", mode, folder});
        return run(arguments);
    }
    Ended run_steps(const std::vector<std::string>& options, const std::vector<std::string>& steps) {
        auto arguments = options;
        arguments.insert(arguments.end(), {file.path(), "--", "do"});
        arguments.insert(arguments.end(), steps.begin(), steps.end());
        return run(arguments);
    }
    std::string steps(const std::vector<std::string>& steps) { return run_steps(allowed(), steps).out; }
    static std::string in(const std::string& name) { return std::string(folder) + "/" + name; }
    std::vector<std::string> allowed() const { return {"--allow", std::string("pin=") + folder}; }

    static constexpr const char* folder = "/sys/fs/bpf/mine";
    Bytes package = packaged("pins.wasm", {"events"});
    TemporaryFile file{package};
};

TEST_F(PinTest, outlive_the_process_and_are_found_by_the_next) {
    const auto first = run_mode("pin", allowed());
    EXPECT_EQ(first.status, 0) << first.err;
    EXPECT_EQ(first.out, "update 0\npin 0\nagain 0\nlink 0\n");
    EXPECT_TRUE(std::filesystem::exists("/sys/fs/bpf/mine/link"));

    const auto second = run_mode("reuse", allowed());
    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(second.out, "another map -22\nreuse 0\nlookup 0\nvalue 42\nlate -16\nunpin 0\n");
    EXPECT_FALSE(std::filesystem::exists("/sys/fs/bpf/mine/table"));
}

/// Windows are as large as the object says that their map is.
TEST_F(PinTest, are_taken_for_maps_of_their_size_only) {
    const auto ring = in("ring");
    ASSERT_EQ(steps({"resize", "events", "8192", "load", "pin", "events", ring}),
              "resize events 0\nload 0\npin events 0\n");
    EXPECT_EQ(steps({"reuse", "events", ring, "load"}), "reuse events -22\nload 0\n");
    EXPECT_EQ(
        steps({"resize", "events", "8192", "reuse", "events", ring, "resize", "events", "4096", "load"}),
        "resize events 0\nreuse events 0\nresize events -16\nload 0\n");
}

TEST_F(PinTest, need_a_permission_that_the_message_names) {
    const auto ended = run_mode("pin", {});
    EXPECT_THAT(ended.out, HasSubstr("pin -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("--allow pin=/sys/fs/bpf/mine"));
    EXPECT_FALSE(std::filesystem::exists("/sys/fs/bpf/mine/table"));
}

TEST_F(PinTest, are_refused_with_a_hint_that_helps) {
    const auto hint = [&](const std::vector<std::string>& options, const std::string& path) {
        return run_steps(options, {"load", "pin", "table", path}).err;
    };
    EXPECT_THAT(hint({}, "/sys/fs/bpf/other/x"), HasSubstr("try: --allow pin=/sys/fs/bpf/other\n"));
    EXPECT_THAT(hint({}, "/etc/x"), HasSubstr("try: a path in a bpf file system, such as /sys/fs/bpf, and"));
    EXPECT_THAT(hint(allowed(), "/sys/fs/bpf/other/x"),
                AllOf(HasSubstr("try: a path in /sys/fs/bpf/mine,"),
                      HasSubstr("or --allow pin=/sys/fs/bpf/other\n")));
    std::filesystem::create_directory_symlink(folder, "/sys/fs/bpf/link");
    EXPECT_THAT(hint({"--allow", "pin=/sys/fs/bpf/link"}, "/sys/fs/bpf/link/x"),
                HasSubstr("try: a path in /sys/fs/bpf/mine, written so, without symbolic links"));
}

TEST_F(PinTest, go_nowhere_but_into_the_permitted_folder) {
    std::filesystem::create_directory_symlink("/sys/fs/bpf", "/sys/fs/bpf/mine/no");
    const auto ended = run_mode("misuse", allowed());
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "relative -22\nno name -22\nparent -22\nabove -1\nelsewhere -1\nnowhere -40\n"
                         "outside -14\nlong -36\n");
}

TEST_F(PinTest, tell_nobody_which_files_there_are) {
    for (const auto& options : {std::vector<std::string>{}, allowed()}) {
        for (const auto& path : {"/etc/passwd/x"s, "/etc/none/x"s, "/none/x"s, "/etc/x"s,
                                 in("../../../none/x"), in("../../../etc/x")}) {
            EXPECT_EQ(run_steps(options, {"reuse", "table", path, "load", "pin", "table", path, "unpin",
                                          "table", path})
                          .out,
                      "reuse table -1\nload 0\npin table -1\nunpin table -1\n")
                << path;
        }
    }
}

TEST_F(PinTest, follow_no_symbolic_links) {
    std::filesystem::create_symlink("/etc", in("there"));
    std::filesystem::create_symlink("/none", in("nowhere"));
    ASSERT_EQ(steps({"load", "pin", "table", in("kept")}), "load 0\npin table 0\n");
    std::filesystem::rename(in("kept"), "/sys/fs/bpf/foreign");
    std::filesystem::create_symlink("/sys/fs/bpf/foreign", in("foreign"));
    for (const auto& path : {in("there/x"), in("nowhere/x"), in("foreign")}) {
        EXPECT_EQ(steps({"reuse", "table", path, "load", "unpin", "table", path}),
                  "reuse table -40\nload 0\nunpin table -40\n")
            << path;
    }
    EXPECT_EQ(steps({"load", "pin", "table", in("foreign")}), "load 0\npin table -17\n");
    EXPECT_TRUE(std::filesystem::is_symlink(in("foreign")));
    EXPECT_TRUE(std::filesystem::exists("/sys/fs/bpf/foreign"));
}

TEST_F(PinTest, are_removed_by_their_map_only) {
    std::filesystem::create_directory(in("folder"));
    ASSERT_EQ(run_mode("pin", allowed()).status, 0);
    const bpf_insn instructions[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
    const FileDescriptor program(
        ::bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "nothing", "GPL", instructions, 2, nullptr));
    ASSERT_EQ(::bpf_obj_pin(program.get(), in("program").c_str()), 0);

    EXPECT_EQ(steps({"unpin", "table", in("table")}), "unpin table -22\n") << "there is no map yet";
    EXPECT_EQ(steps({"load", "unpin", "table", in("table")}), "load 0\nunpin table -22\n") << "another run's";
    EXPECT_EQ(steps({"reuse", "table", in("table"), "load", "unpin", "shown", in("table")}),
              "reuse table 0\nload 0\nunpin shown -22\n");
    EXPECT_EQ(steps({"load", "unpin", "table", in("link"), "unpin", "table", in("program"), "unpin", "table",
                     in("folder"), "unpin", "table", in("none")}),
              "load 0\nunpin table -22\nunpin table -22\nunpin table -13\nunpin table -2\n");
    EXPECT_EQ(steps({"reuse", "table", in("link"), "reuse", "table", in("program")}),
              "reuse table -22\nreuse table -22\n");
    for (const char* name : {"table", "link", "program", "folder"})
        EXPECT_TRUE(std::filesystem::exists(in(name))) << name;
}

TEST_F(PinTest, may_be_several_and_elsewhere_after_a_failure) {
    std::filesystem::create_directory(in("folder"));
    EXPECT_EQ(
        steps({"load", "pin", "table", in("none/a"), "pin", "table", in("a"), "pin", "table", in("folder/b"),
               "pin", "shown", in("a"), "unpin", "table", in("a"), "pin", "table", in("c")}),
        "load 0\npin table -2\npin table 0\npin table 0\npin shown -17\nunpin table 0\npin table 0\n");
    EXPECT_FALSE(std::filesystem::exists(in("a")));
    EXPECT_TRUE(std::filesystem::exists(in("folder/b")));
    EXPECT_TRUE(std::filesystem::exists(in("c")));
}

TEST_F(PinTest, of_links_count_against_their_limit_to_the_end_of_the_run) {
    const auto within = [&](const std::string& limit, const std::vector<std::string>& words) {
        auto options = allowed();
        options.insert(options.end(), {"--limit", "links=" + limit});
        return run_steps(options, words);
    };
    const auto closed = within("1", {"load", "attach", "pin-link", in("a"), "detach", "attach"});
    EXPECT_EQ(closed.out, "load 0\nattach 0\npin-link 0\ndetach 0\nattach -24\n");
    EXPECT_THAT(closed.err, HasSubstr("--limit links="));
    EXPECT_EQ(within("2", {"load", "attach", "pin-link", in("b"), "pin-link", in("c"), "attach"}).out,
              "load 0\nattach 0\npin-link 0\npin-link 0\nattach -17\n")
        << "one link, however often it is pinned, to where the kernel takes no second one";
}

TEST_F(PinTest, are_never_in_another_packages_folder) {
    const auto own = in(sha256_digest(package).substr(7, 16)), other = in("0123456789abcdef");
    std::filesystem::create_directory(own);
    std::filesystem::create_directory(other);
    EXPECT_EQ(steps({"load", "pin", "table", own + "/kept"}), "load 0\npin table 0\n");
    std::filesystem::rename(own + "/kept", other + "/kept");
    for (const auto& path : {other + "/kept", in("x/../0123456789abcdef/kept"), other + "/a/b", other,
                             in("a/0123456789abcdef/kept")}) {
        const auto ended = run_steps(
            allowed(), {"reuse", "table", path, "load", "pin", "table", path, "unpin", "table", path});
        EXPECT_EQ(ended.out, "reuse table -1\nload 0\npin table -1\nunpin table -1\n") << path;
        EXPECT_THAT(ended.err, HasSubstr("belongs to another package"));
    }
    EXPECT_TRUE(std::filesystem::exists(other + "/kept"));
}

} // namespace
} // namespace ecc::test
