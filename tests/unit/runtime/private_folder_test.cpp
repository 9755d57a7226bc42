#include "runtime-min/private_folder.h"

#include "support/files.h"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace ecc {
namespace {

using testing::HasSubstr;

class PrivateFolderTest : public testing::Test {
protected:
    TempDir root = TempDir::make().value();
    std::filesystem::path path = root.path() / "cache";
    PrivateFolder folder = PrivateFolder::open(path).value();

    std::string text(const std::string& name) const {
        const auto bytes = folder.read(name);
        return bytes ? std::string(as_text(*bytes)) : "(none)";
    }
    void put(const std::string& name, std::string_view value) const {
        folder.write(name, as_bytes(value)).value();
    }
    std::size_t count() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
    }
};

TEST_F(PrivateFolderTest, is_made_with_its_parents_for_its_owner_only) {
    for (const char* deep : {"a/b", "c/d/"}) {
        ASSERT_TRUE(PrivateFolder::open(root.path() / deep)) << deep;
        EXPECT_EQ(std::filesystem::status(root.path() / deep).permissions(),
                  std::filesystem::perms::owner_all);
    }
}

TEST_F(PrivateFolderTest, gives_back_what_was_put_in) {
    put("entry", "value");
    EXPECT_EQ(text("entry"), "value");
    put("entry", "another");
    EXPECT_EQ(text("entry"), "another");
    EXPECT_EQ(text("missing"), "(none)");
}

TEST_F(PrivateFolderTest, is_refused_when_others_may_enter) {
    for (const mode_t mode : {0755, 0770, 0701}) {
        ::chmod(path.c_str(), mode);
        const auto again = PrivateFolder::open(path);
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error().fault, Fault::input);
        EXPECT_THAT(again.error().what, HasSubstr("closed to everybody"));
    }
}

TEST_F(PrivateFolderTest, is_refused_when_it_is_a_link_or_a_file) {
    std::filesystem::create_directory_symlink(path, root.path() / "link");
    for (const char* link : {"link", "link/", "link//", "link/.", "link/./"})
        EXPECT_FALSE(PrivateFolder::open(root.path().string() + "/" + link)) << link;
    EXPECT_TRUE(PrivateFolder::open(path.string() + "/./"));
    write_file(root.path() / "file", {}).value();
    EXPECT_FALSE(PrivateFolder::open(root.path() / "file"));
}

TEST_F(PrivateFolderTest, is_refused_when_it_belongs_to_somebody_else) {
    ASSERT_EQ(::geteuid(), 0u) << "only root can give a folder away";
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_FALSE(PrivateFolder::open(path));
}

TEST_F(PrivateFolderTest, reads_no_planted_link_pipe_or_file_that_others_may_write) {
    put("entry", "value");
    std::filesystem::create_symlink(path / "entry", path / "link");
    EXPECT_EQ(text("link"), "(none)");
    ::mkfifo((path / "pipe").c_str(), 0600);
    EXPECT_EQ(text("pipe"), "(none)");
    ::chmod((path / "entry").c_str(), 0622);
    EXPECT_EQ(text("entry"), "(none)");
}

TEST_F(PrivateFolderTest, reads_no_entry_of_somebody_else) {
    ASSERT_EQ(::geteuid(), 0u) << "only root can give a file away";
    put("entry", "value");
    ASSERT_EQ(::chown((path / "entry").c_str(), 65534, 65534), 0);
    EXPECT_EQ(text("entry"), "(none)");
}

TEST_F(PrivateFolderTest, replaces_a_planted_link_instead_of_following_it) {
    write_file(root.path() / "victim", as_bytes("mine")).value();
    std::filesystem::create_symlink(root.path() / "victim", path / "entry");
    put("entry", "value");
    EXPECT_EQ(text("entry"), "value");
    EXPECT_EQ(as_text(read_file(root.path() / "victim").value()), "mine");
}

TEST_F(PrivateFolderTest, reads_no_entry_under_another_name) {
    put("entry", "value");
    std::filesystem::rename(path / "entry", path / "other");
    EXPECT_EQ(text("other"), "(none)");
}

TEST_F(PrivateFolderTest, reads_nothing_that_is_damaged_at_any_byte_or_cut_off_anywhere) {
    put("entry", "value");
    const auto whole = read_file(path / "entry").value();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto damaged = whole;
        damaged[i] ^= 1;
        std::ofstream(path / "entry", std::ios::binary)
            .write(reinterpret_cast<const char*>(damaged.data()),
                   static_cast<std::streamsize>(damaged.size()));
        EXPECT_EQ(text("entry"), "(none)") << i;
        ::truncate((path / "entry").c_str(), static_cast<off_t>(i));
        EXPECT_EQ(text("entry"), "(none)") << i;
    }
}

TEST_F(PrivateFolderTest, leaves_nothing_behind_when_the_disk_is_full) {
    put("entry", "value");
    const Bytes large(1 << 20);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit small{4096, old.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto written = folder.write("entry", large);
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(written);
    EXPECT_EQ(text("entry"), "value");
    EXPECT_EQ(count(), 1U);
}

TEST_F(PrivateFolderTest, shows_whole_entries_only_while_others_write) {
    const std::string first(200'000, 'a'), second(300'000, 'b');
    put("entry", first);
    const auto writer = ::fork();
    if (writer == 0) {
        for (int i = 0; i < 50; ++i)
            put("entry", i % 2 == 0 ? second : first);
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(writer, &status, WNOHANG) == 0) {
        const auto seen = text("entry");
        ASSERT_TRUE(seen == first || seen == second);
    }
    EXPECT_EQ(status, 0);
}

TEST_F(PrivateFolderTest, drops_the_oldest_entries_beyond_its_limit) {
    put("oldest", "value");
    const timespec times[2] = {{1, 0}, {1, 0}};
    ::utimensat(AT_FDCWD, (path / "oldest").c_str(), times, 0);
    for (std::size_t i = 0; i < PrivateFolder::entry_limit; ++i)
        put(std::to_string(i), "value");
    EXPECT_EQ(count(), PrivateFolder::entry_limit);
    EXPECT_EQ(text("oldest"), "(none)");
    EXPECT_EQ(text("255"), "value");
}

} // namespace
} // namespace ecc
