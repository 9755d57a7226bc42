#include "packager/oci/blob_source.h"

#include "tests/unit/support/no_unnamed_files.h"

#include "support/files.h"

#include <cstdlib>

namespace ecc {
namespace {

namespace fs = std::filesystem;

class SpoolTest : public testing::Test {
protected:
    void SetUp() override { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
    void TearDown() override { ::unsetenv("TMPDIR"); }

    /// More than is kept in memory, written and read back; nothing of it has a name meanwhile.
    void expect_kept() {
        const Bytes content(3u << 20, 'x');
        Spool spool("test");
        const auto written = spool.write(content);
        ASSERT_TRUE(written) << written.error().what;
        EXPECT_TRUE(fs::is_empty(folder_.path()));
        const auto source = spool.finish().value();
        Bytes back(source->size());
        EXPECT_EQ(source->read(0, back).value(), content.size());
        EXPECT_EQ(back, content);
    }

    TempDir folder_ = TempDir::make().value();
};

TEST_F(SpoolTest, KeepsWhatDoesNotFitIntoMemoryWithoutAName) {
    expect_kept();
}

TEST_F(SpoolTest, KeepsItWhereFilesMustHaveANameToo) {
    test::without_unnamed_files([&] { expect_kept(); });
}

TEST_F(SpoolTest, SaysThatThereIsNoFolderForFiles) {
    ::setenv("TMPDIR", "/absent", 1);
    Spool spool("test");
    const auto written = spool.write(Bytes(3u << 20, 'x'));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::environment);
    EXPECT_EQ(written.error().where, "TMPDIR");
}

} // namespace
} // namespace ecc
