#include "support/files.h"
#include "support/staged_file.h"
#include "tests/unit/support/no_unnamed_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace {

using namespace ecc;
namespace fs = std::filesystem;

class Staged : public ::testing::Test {
protected:
    std::string text() const { return std::string(as_text(read_file(target_).value())); }
    auto names() const {
        return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator());
    }

    TempDir folder_ = TempDir::make().value();
    fs::path target_ = folder_.path() / "package.wasm";
};

TEST_F(Staged, has_no_name_before_it_is_whole) {
    auto file = StagedFile::create(target_);
    ASSERT_TRUE(file) << file.error().what;
    ASSERT_TRUE(file->write(as_bytes("half")));
    EXPECT_EQ(names(), 0) << "what a killed process would leave";
}

TEST_F(Staged, replaces_what_was_there_at_once) {
    ASSERT_TRUE(write_file(target_, as_bytes("old")));
    auto file = StagedFile::create(target_, 0640);
    ASSERT_TRUE(file) << file.error().what;
    ASSERT_TRUE(file->write(as_bytes("new")));
    EXPECT_EQ(text(), "old");
    const auto committed = file->commit();
    ASSERT_TRUE(committed) << committed.error().what;
    EXPECT_EQ(text(), "new");
    EXPECT_EQ(names(), 1);
    EXPECT_EQ(fs::status(target_).permissions(), fs::perms(0640));
}

TEST_F(Staged, takes_a_name_that_no_other_file_has) {
    const std::string taken = target_.string() + '.' + std::to_string(::getpid()) + "-0";
    ASSERT_TRUE(write_file(taken, as_bytes("of somebody")));
    auto file = StagedFile::create(target_);
    ASSERT_TRUE(file && file->write(as_bytes("new")) && file->commit());
    EXPECT_EQ(text(), "new");
    EXPECT_EQ(as_text(read_file(taken).value()), "of somebody");
}

TEST_F(Staged, is_beside_the_target_where_files_must_have_a_name) {
    test::without_unnamed_files([&] {
        {
            auto dropped = StagedFile::create(target_);
            ASSERT_TRUE(dropped) << dropped.error().what;
            EXPECT_EQ(names(), 1);
        }
        EXPECT_EQ(names(), 0);
        auto file = StagedFile::create(target_, 0640);
        ASSERT_TRUE(file && file->write(as_bytes("new")) && file->commit());
    });
    EXPECT_EQ(text(), "new");
    EXPECT_EQ(names(), 1);
    EXPECT_EQ(fs::status(target_).permissions(), fs::perms(0640));
}

TEST_F(Staged, names_a_folder_that_is_not_there) {
    const auto file = StagedFile::create(folder_.path() / "absent" / "package.wasm");
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().what.find("No such file"), std::string::npos) << file.error().what;
}

TEST_F(Staged, that_cannot_replace_a_folder_leaves_nothing) {
    fs::create_directory(target_);
    {
        auto file = StagedFile::create(target_);
        ASSERT_TRUE(file && file->write(as_bytes("new")));
        EXPECT_FALSE(file->commit());
    }
    EXPECT_EQ(names(), 1);
}

} // namespace
