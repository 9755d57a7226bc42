#include "packager/oci/transfer_rate.h"

#include <gtest/gtest.h>

namespace ecc::test {
namespace {

using namespace std::chrono_literals;

constexpr TransferRate::Time start{};

TEST(transfer_rate, is_right_from_the_first_piece_on) {
    TransferRate rate(start);
    EXPECT_NEAR(rate.update(start + 100ms, 1'000'000), 10e6, 1);
    EXPECT_NEAR(rate.update(start + 300ms, 3'000'000), 10e6, 1);
}

TEST(transfer_rate, follows_a_change_within_seconds) {
    TransferRate rate(start);
    rate.update(start + 1s, 100'000'000);
    double last = 0;
    for (int i = 1; i <= 100; i++)
        last = rate.update(start + 1s + i * 100ms, 100'000'000 + static_cast<std::uint64_t>(i) * 100'000);
    EXPECT_NEAR(last, 1e6, 5e6) << "a hundredth of what it was, ten seconds ago";
}

TEST(transfer_rate, is_never_negative) {
    TransferRate rate(start);
    rate.update(start + 1s, 5000);
    EXPECT_GE(rate.update(start + 2s, 100), 0) << "a part is sent again";
    EXPECT_GT(rate.update(start + 3s, 2000), 0);
}

TEST(transfer_rate, survives_two_looks_at_the_same_time) {
    TransferRate rate(start);
    EXPECT_EQ(rate.update(start, 5), 0);
    rate.update(start + 1s, 10);
    EXPECT_NEAR(rate.update(start + 1s, 20), 10, 0.1);
}

TEST(transfer_text, says_how_much_how_fast_and_how_long) {
    EXPECT_EQ(transfer_text(12'300'000, 100'000'000, 4.5e6), "12.3 of 100.0 MB, 4.5 MB/s, 0:20 left");
    EXPECT_EQ(transfer_text(0, 10'000'000'000, 1e6), "0.0 of 10000.0 MB, 1.0 MB/s, 2:46:40 left");
    EXPECT_EQ(transfer_text(5'000'000, 5'000'000, 1e6), "5.0 of 5.0 MB, 1.0 MB/s, 0:00 left");
}

TEST(transfer_text, leaves_out_a_time_that_nobody_knows) {
    EXPECT_EQ(transfer_text(0, 100'000'000, 0), "0.0 of 100.0 MB, 0.0 MB/s");
    EXPECT_EQ(transfer_text(0, UINT64_MAX, 1), "0.0 of 18446744073709.6 MB, 0.0 MB/s");
    EXPECT_EQ(transfer_text(9'000'000, 5'000'000, 1e6), "9.0 of 5.0 MB, 1.0 MB/s, 0:00 left");
}

} // namespace
} // namespace ecc::test
