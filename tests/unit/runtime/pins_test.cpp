// Pins by path, in a bpf file system that only this test's processes see.
#include "tests/unit/runtime/guest_process.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

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
    std::vector<std::string> allowed() const { return {"--allow", std::string("pin=") + folder}; }

    static constexpr const char* folder = "/sys/fs/bpf/mine";
    TemporaryFile file{packaged("pins.wasm", {"events"})};
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

TEST_F(PinTest, need_a_permission_that_the_message_names) {
    const auto ended = run_mode("pin", {});
    EXPECT_THAT(ended.out, HasSubstr("pin -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("--allow pin=/sys/fs/bpf/mine"));
    EXPECT_FALSE(std::filesystem::exists("/sys/fs/bpf/mine/table"));
}

TEST_F(PinTest, go_nowhere_but_into_the_permitted_folder) {
    std::filesystem::create_directory_symlink("/sys/fs/bpf", "/sys/fs/bpf/mine/no");
    const auto ended = run_mode("misuse", allowed());
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "relative -22\nno name -22\nparent -22\nabove -1\nelsewhere -1\nnowhere -1\n"
                         "outside -14\nlong -36\n");
}

} // namespace
} // namespace ecc::test
