#include "packager/oci/folder_lock.h"

#include "support/files.h"

#include <gmock/gmock.h>
#include <thread>

namespace ecc {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

class FolderLockTest : public testing::Test {
protected:
    auto take(std::chrono::milliseconds limit) {
        return FolderLock::take(
            folder_.path(), "shelf", [this](const std::string& text) { notices_.push_back(text); }, limit);
    }

    TempDir folder_ = TempDir::make().value();
    std::vector<std::string> notices_;
};

TEST_F(FolderLockTest, IsFreeAgainWhenItGoes) {
    EXPECT_TRUE(take(0ms));
    EXPECT_TRUE(take(0ms));
    EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(FolderLockTest, WaitsForItsTurn) {
    std::optional first = take(0ms).value();
    std::thread other([&] {
        std::this_thread::sleep_for(200ms);
        first.reset();
    });
    EXPECT_TRUE(take(60s));
    other.join();
    EXPECT_THAT(notices_, IsEmpty()) << "told only of long ones";
}

TEST_F(FolderLockTest, IsNotWaitedForForEver) {
    const auto first = take(0ms);
    const auto begin = Clock::now();
    const auto second = take(500ms);
    EXPECT_GE(Clock::now() - begin, 500ms);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::environment);
    EXPECT_EQ(second.error().where, "shelf");
    EXPECT_THAT(
        second.error().what,
        AllOf(HasSubstr("keeps the folder " + folder_.path().string() + " locked"), HasSubstr("1 s")));
    EXPECT_THAT(notices_, AllOf(SizeIs(1), Each(HasSubstr("waiting for another program"))));
}

TEST_F(FolderLockTest, NamesAFolderThatIsNotThere) {
    const auto lock = FolderLock::take(folder_.path() / "absent", "shelf");
    ASSERT_FALSE(lock);
    EXPECT_THAT(lock.error().what, HasSubstr("absent: No such file"));
}

} // namespace
} // namespace ecc
