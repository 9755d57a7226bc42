// ecc-run's cache of compiled code, seen from outside: whatever is in the folder, the guest runs.
#include "tests/unit/runtime/guest_process.h"

#include "support/files.h"

#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

class CacheTest : public testing::Test {
protected:
    TempDir root = TempDir::make().value();
    std::filesystem::path folder = root.path() / "cache";
    std::string plain = guest_path("plain.wasm");

    std::vector<std::string> command() const { return {"--cache", folder, plain, "--", "exit", "7"}; }
    std::vector<std::filesystem::path> entries() const {
        return {std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()};
    }
    std::filesystem::path only_entry() const { return entries().at(0); }
};

TEST_F(CacheTest, keeps_one_entry_for_a_module) {
    EXPECT_EQ(run(command()).status, 7);
    ASSERT_EQ(entries().size(), 1U);
    const auto written = std::filesystem::last_write_time(only_entry());
    EXPECT_EQ(run(command()).status, 7);
    ASSERT_EQ(entries().size(), 1U);
    EXPECT_EQ(std::filesystem::last_write_time(only_entry()), written);
}

TEST_F(CacheTest, runs_the_code_that_it_kept) {
    run(command());
    const auto kept = only_entry();
    // The entry of another module under this one's name: its digest says that it is not this one's.
    ASSERT_EQ(run({"--cache", folder, guest_path("no_start.wasm")}).status, 125);
    for (const auto& entry : entries()) {
        if (entry != kept)
            std::filesystem::copy_file(entry, kept, std::filesystem::copy_options::overwrite_existing);
    }
    EXPECT_EQ(run(command()).status, 7);
}

TEST_F(CacheTest, keeps_nothing_when_told_so) {
    EXPECT_EQ(run({"--cache", folder, "--no-cache", plain, "--", "exit", "7"}).status, 7);
    EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(CacheTest, replaces_a_damaged_entry) {
    run(command());
    const auto size = std::filesystem::file_size(only_entry());
    std::filesystem::resize_file(only_entry(), size / 2);
    EXPECT_EQ(run(command()).status, 7);
    EXPECT_EQ(std::filesystem::file_size(only_entry()), size);
}

TEST_F(CacheTest, is_not_needed_when_the_disk_is_full) {
    const auto ended = run(command(), [] {
        std::signal(SIGXFSZ, SIG_IGN); // then a write beyond the limit fails, as on a full disk
        const rlimit small{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &small);
    });
    EXPECT_EQ(ended.status, 7) << ended.err;
    EXPECT_TRUE(entries().empty());
}

TEST_F(CacheTest, serves_concurrent_starts) {
    std::vector<std::unique_ptr<GuestProcess>> guests;
    for (int i = 0; i < 8; ++i)
        guests.push_back(std::make_unique<GuestProcess>(command()));
    for (const auto& guest : guests)
        EXPECT_EQ(guest->wait().status, 7);
    EXPECT_EQ(entries().size(), 1U);
}

TEST_F(CacheTest, refuses_a_folder_that_others_may_enter) {
    std::filesystem::create_directory(folder);
    ::chmod(folder.c_str(), 0777);
    const auto ended = run(command());
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("closed to everybody"));
}

TEST_F(CacheTest, is_not_where_the_environment_says) {
    const auto home = (root.path() / "home").string();
    std::filesystem::create_directory(home);
    const auto ended = run({plain, "--", "exit", "7"}, [&] {
        ::setenv("HOME", home.c_str(), 1);
        ::setenv("XDG_CACHE_HOME", home.c_str(), 1);
    });
    EXPECT_EQ(ended.status, 7);
    EXPECT_TRUE(std::filesystem::is_empty(home));
}

} // namespace
} // namespace ecc::test
