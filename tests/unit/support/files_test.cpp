#include "support/files.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// Of a child that makes a folder and gets the signal: how it ended, and whether the folder is still there.
std::pair<int, bool> end_with_folder(int signal, void (*disposition)(int)) {
    const TempDir around = *TempDir::make();
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(signal, disposition);
        ::setenv("TMPDIR", around.path().c_str(), 1);
        const auto folder = TempDir::make();
        if (!folder || !write_file(folder->path() / "file", {}) || ::raise(signal) != 0)
            ::_exit(1);
        ::_exit(2); // the folder stays, since no destructor runs
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return {status, fs::exists(around.path()) && !fs::is_empty(around.path())};
}

TEST(TempDir, IsRemovedWhenASignalEndsTheProgram) {
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
        const auto [status, left] = end_with_folder(signal, SIG_DFL);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << signal;
        EXPECT_FALSE(left) << signal;
    }
}

TEST(TempDir, IsThereStillAfterASignalThatIsIgnored) {
    const auto [status, left] = end_with_folder(SIGHUP, SIG_IGN);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    EXPECT_TRUE(left);
}

TEST(TempDir, IsNotRemovedBySignalsOfForkedChildren) {
    const TempDir folder = *TempDir::make();
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::raise(SIGTERM));
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(fs::exists(folder.path()));
}

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

TEST_F(Files, AreWrittenThroughALinkToNothing) {
    fs::create_directory(path("folder"));
    fs::create_symlink("other", path("folder/inner"));
    fs::create_symlink("folder/inner", path("link"));
    ASSERT_TRUE(write_file(path("link"), as_bytes("new")));
    EXPECT_TRUE(fs::is_symlink(path("link")) && fs::is_symlink(path("folder/inner")));
    EXPECT_EQ(as_text(*read_file(path("folder/other"))), "new");
}

TEST_F(Files, AreNotWrittenThroughLinksInACircle) {
    fs::create_symlink("link", path("link"));
    const auto written = write_file(path("link"), as_bytes("new"));
    ASSERT_FALSE(written);
    EXPECT_TRUE(fs::is_symlink(path("link")));
    EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, KeepTheModeOfTheOwnFileThatTheyReplace) {
    ASSERT_TRUE(write_file(path("a"), as_bytes("old")));
    fs::permissions(path("a"), fs::perms(0600));
    ASSERT_TRUE(write_file(path("a"), as_bytes("new")));
    EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0600));
}

TEST_F(Files, DoNotTakeTheModeOfSomebodyElsesFile) {
    ASSERT_EQ(::geteuid(), 0U) << "only root gives files away";
    ASSERT_TRUE(write_file(path("a"), as_bytes("old")));
    fs::permissions(path("a"), fs::perms(0666));
    ASSERT_EQ(::chown(path("a").c_str(), 65534, 65534), 0);
    const mode_t old = ::umask(022);
    ASSERT_TRUE(write_file(path("a"), as_bytes("new")));
    ::umask(old);
    EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0644));
}

TEST_F(Files, ThatBecomeTooLargeLeaveTheOldOneAndNothingElse) {
    ASSERT_TRUE(write_file(path("a"), as_bytes("old")));
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit low{1000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
    const auto written = write_file(path("a"), Bytes(5000));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::environment);
    EXPECT_EQ(written.error().what, "cannot write: File too large");
    EXPECT_NE(written.error().hint.find("ulimit -f"), std::string::npos);
    EXPECT_EQ(as_text(*read_file(path("a"))), "old");
    EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, DoNotReplaceFolders) {
    const auto written = write_file(folder.path(), as_bytes("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().what, "is a folder");
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
    EXPECT_NE(written.error().hint.find("folder"), std::string::npos);
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
