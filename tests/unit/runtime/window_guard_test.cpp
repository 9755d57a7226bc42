// The guard of read-only windows, and pages that are moved where a guest's memory was.
#include "runtime-min/placed_pages.h"

#include <cstdarg>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

/// If mremap fails after it took away what was at the target, which is when a hole would stay.
bool fails_late = false;

} // namespace

extern "C" void* mremap(void* old, std::size_t old_size, std::size_t new_size, int flags, ...) noexcept {
    va_list arguments;
    va_start(arguments, flags);
    void* target = (flags & MREMAP_FIXED) != 0 ? va_arg(arguments, void*) : nullptr;
    va_end(arguments);
    if (fails_late && target != nullptr) {
        ::munmap(target, new_size);
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return reinterpret_cast<void*>(::syscall(SYS_mremap, old, old_size, new_size, flags, target));
}

namespace ecc {
namespace {

class WindowGuardTest : public testing::Test {
protected:
    static constexpr std::size_t size = 8192;

    void TearDown() override { fails_late = false; }
    std::uint8_t* place() { return memory.bytes().data() + size; }
    Mapping filled(std::uint8_t byte, int protection = PROT_READ) {
        auto pages = Mapping::anonymous(size).value();
        std::ranges::fill(pages.bytes(), byte);
        ::mprotect(pages.bytes().data(), size, protection);
        return pages;
    }

    int interrupts = 0;
    WindowGuard guard{[this] { ++interrupts; }};
    Mapping memory = Mapping::anonymous(3 * size).value();
};

TEST_F(WindowGuardTest, lets_a_store_by_the_host_land_beside_the_maps_pages) {
    auto pages = filled(7);
    const auto placed = PlacedPages::put(pages, place(), PlacedPages::Access::read, guard);
    ASSERT_TRUE(placed);
    EXPECT_EQ(place()[100], 7);
    EXPECT_EQ(guard.poisoned(), nullptr);
    *static_cast<volatile std::uint8_t*>(place() + size - 1) = 1;
    EXPECT_STREQ(guard.poisoned(), "wrote to a window that may only be read");
    EXPECT_EQ(interrupts, 1);
    *static_cast<volatile std::uint8_t*>(place()) = 2;
    EXPECT_EQ(interrupts, 1) << "one fault for the whole window";
}

TEST_F(WindowGuardTest, covers_windows_to_read_as_long_as_they_are_there) {
    {
        auto pages = filled(7);
        const auto placed = PlacedPages::put(pages, place(), PlacedPages::Access::read, guard);
        EXPECT_TRUE(guard.covers({place() - 1, 2}));
        EXPECT_TRUE(guard.covers({place() + size - 1, 1}));
        EXPECT_FALSE(guard.covers({place() - 1, 1}));
        EXPECT_FALSE(guard.covers({place() + size, 1}));
    }
    EXPECT_FALSE(guard.covers({place(), size}));
    EXPECT_EQ(place()[0], 0) << "zeroed memory is left";
    place()[0] = 1;
    EXPECT_EQ(guard.poisoned(), nullptr);
}

TEST_F(WindowGuardTest, does_not_cover_windows_to_write) {
    auto pages = filled(7, PROT_READ | PROT_WRITE);
    const auto placed = PlacedPages::put(pages, place(), PlacedPages::Access::write, guard);
    ASSERT_TRUE(placed);
    EXPECT_FALSE(guard.covers({place(), size}));
    place()[0] = 1;
    EXPECT_EQ(guard.poisoned(), nullptr);
}

TEST_F(WindowGuardTest, a_move_that_fails_late_leaves_no_hole) {
    auto pages = filled(7);
    place()[0] = 1;
    fails_late = true;
    const auto placed = PlacedPages::put(pages, place(), PlacedPages::Access::read, guard);
    ASSERT_FALSE(placed);
    EXPECT_EQ(placed.error(), -ENOMEM);
    EXPECT_EQ(place()[0], 0) << "memory is there, and it is zero";
    place()[size - 1] = 3;
    EXPECT_EQ(guard.poisoned(), nullptr);
    EXPECT_FALSE(guard.covers({place(), size}));
    EXPECT_EQ(pages.bytes()[0], 7) << "what could not be moved can be copied from";
}

TEST_F(WindowGuardTest, watches_over_no_more_windows_than_it_has_room_for) {
    for (std::size_t i = 0; i < WindowGuard::limit; ++i)
        ASSERT_TRUE(guard.add({place() + i, 1}));
    EXPECT_FALSE(guard.add({place(), 1}));
    auto pages = filled(7);
    EXPECT_EQ(PlacedPages::put(pages, place(), PlacedPages::Access::read, guard).error(), -EOPNOTSUPP);
    guard.remove({place() + 9, 1});
    EXPECT_TRUE(guard.add({place(), 1}));
}

using WindowGuardDeathTest = WindowGuardTest;

TEST_F(WindowGuardDeathTest, a_fault_elsewhere_stays_a_fault) {
    auto* nowhere = place();
    ::mprotect(nowhere, size, PROT_NONE);
    // By the signal, or by the handler of a sanitizer, which was there before.
    EXPECT_DEATH(*static_cast<volatile std::uint8_t*>(nowhere) = 1, "");
}

} // namespace
} // namespace ecc
