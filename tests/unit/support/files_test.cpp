#include "support/files.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
protected:
    TempDir folder = *TempDir::make();
    fs::path path(const char* name) const { return folder.path() / name; }
    std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {}));
    }
};

TEST_F(Files, ReadBackWhatWasWritten) {
    ASSERT_TRUE(write_file(path("a"), as_bytes("content")));
    auto bytes = read_file(path("a"));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(as_text(*bytes), "content");
}

TEST_F(Files, ReplaceAFileWholeAndLeaveNothingBeside) {
    ASSERT_TRUE(write_file(path("a"), as_bytes("a long first content")));
    ASSERT_TRUE(write_file(path("a"), as_bytes("second")));
    EXPECT_EQ(as_text(*read_file(path("a"))), "second");
    EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, HaveTheModeThatTheUmaskLeaves) {
    const mode_t old = ::umask(027);
    ASSERT_TRUE(write_file(path("a"), {}));
    ::umask(old);
    EXPECT_EQ(fs::status(path("a")).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(Files, AreWrittenThroughALink) {
    ASSERT_TRUE(write_file(path("target"), as_bytes("old")));
    fs::create_symlink("target", path("link"));
    ASSERT_TRUE(write_file(path("link"), as_bytes("new")));
    EXPECT_TRUE(fs::is_symlink(path("link")));
    EXPECT_EQ(as_text(*read_file(path("target"))), "new");
}

TEST_F(Files, KeepDevicesInPlace) {
    ASSERT_TRUE(write_file("/dev/null", as_bytes("gone")));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(Files, MissingOnesAreInputErrorsThatNameThem) {
    auto bytes = read_file(path("absent"));
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().fault, Fault::input);
    EXPECT_EQ(bytes.error().where, path("absent"));
    EXPECT_EQ(bytes.error().what, "cannot open: No such file or directory");
}

TEST_F(Files, AFolderIsNotAFile) {
    auto bytes = read_file(folder.path());
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().what, "is a folder, not a file");
}

TEST_F(Files, AreReadUpToALimitOnly) {
    ASSERT_TRUE(write_file(path("a"), Bytes(3u << 20)));
    EXPECT_TRUE(read_file(path("a"), 3u << 20));
    EXPECT_FALSE(read_file(path("a"), (3u << 20) - 1));
    EXPECT_FALSE(read_file("/dev/zero", 1u << 20));
}

TEST_F(Files, WritingIntoAMissingFolderFailsAndLeavesNothing) {
    auto written = write_file(path("absent/a"), as_bytes("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().where, path("absent/a"));
    EXPECT_EQ(entries(), 0u);
}

TEST(TempDirectory, IsRemovedWithItsContent) {
    fs::path path;
    {
        auto folder = TempDir::make();
        ASSERT_TRUE(folder);
        path = folder->path();
        ASSERT_TRUE(write_file(path / "a", as_bytes("x")));
    }
    EXPECT_FALSE(fs::exists(path));
}

} // namespace
} // namespace ecc
