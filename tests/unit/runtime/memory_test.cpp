#include "runtime-min/memory.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

struct Options {
    std::uint32_t size;
    std::uint32_t level;
};

class GuestMemoryTest : public testing::Test {
protected:
    Bytes bytes = Bytes(65536);
    GuestMemory memory{[this] { return std::span(bytes); }};

    void put(std::uint32_t address, std::initializer_list<std::uint32_t> numbers) {
        std::memcpy(bytes.data() + address, numbers.begin(), numbers.size() * 4);
    }
};

TEST_F(GuestMemoryTest, shows_a_range_up_to_the_last_byte) {
    EXPECT_EQ(memory.input(65535, 1)->data(), bytes.data() + 65535);
    EXPECT_TRUE(memory.input(65536, 0));
}

TEST_F(GuestMemoryTest, refuses_what_ends_past_the_memory) {
    EXPECT_EQ(memory.input(65535, 2).error(), -EFAULT);
    EXPECT_EQ(memory.input(65537, 0).error(), -EFAULT);
    EXPECT_EQ(memory.input(0, 65537).error(), -EFAULT);
}

TEST_F(GuestMemoryTest, does_not_wrap_around_when_address_and_length_do) {
    EXPECT_EQ(memory.input(0xffffffff, 2).error(), -EFAULT);
    EXPECT_EQ(memory.input(16, UINT64_MAX).error(), -EFAULT);
}

TEST_F(GuestMemoryTest, follows_a_memory_that_grew) {
    EXPECT_FALSE(memory.input(65536, 4));
    bytes.resize(131072);
    EXPECT_EQ(memory.input(65536, 4)->data(), bytes.data() + 65536);
}

TEST_F(GuestMemoryTest, has_no_place_for_results_where_a_window_is_to_read_only) {
    WindowGuard guard([] {});
    const GuestMemory guarded([this] { return std::span(bytes); }, &guard);
    ASSERT_TRUE(guard.add(std::span(bytes).subspan(4096, 4096)));
    EXPECT_TRUE(guarded.output(4095, 1));
    EXPECT_EQ(guarded.output(4095, 2).error(), -EFAULT);
    EXPECT_EQ(guarded.output(0, 65536).error(), -EFAULT);
    EXPECT_EQ(guarded.copy_out(8191, as_bytes("x")).error(), -EFAULT);
    EXPECT_TRUE(guarded.output(8192, 4096));
    EXPECT_TRUE(guarded.input(4095, 2));
}

TEST_F(GuestMemoryTest, has_nothing_to_show_of_a_guest_without_memory) {
    EXPECT_EQ(GuestMemory([] { return std::span<std::uint8_t>(); }).input(0, 1).error(), -EFAULT);
}

TEST_F(GuestMemoryTest, refuses_names_with_a_nul_or_too_long) {
    std::memcpy(bytes.data(), "ab\0cd", 5);
    EXPECT_EQ(memory.text(0, 2), "ab");
    EXPECT_EQ(memory.text(0, 5).error(), -EINVAL);
    EXPECT_EQ(memory.text(0, guest_text_limit + 1).error(), -ENAMETOOLONG);
}

TEST_F(GuestMemoryTest, reads_a_c_string_no_further_than_the_memory) {
    std::memcpy(bytes.data() + 65533, "ab", 3);
    EXPECT_EQ(memory.c_string(65533), "ab");
    bytes[65535] = 'c';
    EXPECT_EQ(memory.c_string(65533).error(), -EFAULT);
    EXPECT_EQ(memory.c_string(65536).error(), -EFAULT);
}

TEST_F(GuestMemoryTest, refuses_a_c_string_that_does_not_end) {
    std::ranges::fill(bytes, 'x');
    EXPECT_EQ(memory.c_string(0).error(), -ENAMETOOLONG);
}

TEST_F(GuestMemoryTest, takes_missing_options_as_zero) {
    EXPECT_EQ(memory.options<Options>(0)->level, 0u);
    put(8, {4, 77});
    EXPECT_EQ(memory.options<Options>(8)->level, 0u);
}

TEST_F(GuestMemoryTest, accepts_options_of_a_newer_guest_only_if_zero) {
    put(8, {12, 5, 0});
    EXPECT_EQ(memory.options<Options>(8)->level, 5u);
    put(8, {12, 5, 1});
    EXPECT_EQ(memory.options<Options>(8).error(), -E2BIG);
}

TEST_F(GuestMemoryTest, refuses_options_without_a_sensible_size) {
    put(8, {0, 5});
    EXPECT_EQ(memory.options<Options>(8).error(), -EINVAL);
    put(8, {0xffffffff, 5});
    EXPECT_EQ(memory.options<Options>(8).error(), -E2BIG);
    EXPECT_EQ(memory.options<Options>(65534).error(), -EFAULT);
}

TEST_F(GuestMemoryTest, fills_only_what_an_older_guest_knows) {
    put(8, {4, 77});
    EXPECT_TRUE(memory.fill(8, Options{sizeof(Options), 5}));
    EXPECT_EQ(bytes[12], 77);
}

TEST_F(GuestMemoryTest, zeroes_what_only_a_newer_guest_knows) {
    put(8, {12, 77, 77});
    EXPECT_TRUE(memory.fill(8, Options{sizeof(Options), 5}));
    EXPECT_EQ(bytes[8], 12);
    EXPECT_EQ(bytes[12], 5);
    EXPECT_EQ(bytes[16], 0);
}

} // namespace
} // namespace ecc
