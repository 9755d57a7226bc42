#include "runtime-min/wasi_poll.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

class WasiPoll : public testing::Test {
protected:
    static constexpr std::uint32_t in = 0, out = 4096, count = 8192;
    Bytes bytes = Bytes(65536);
    GuestMemory memory{[this] { return std::span(bytes); }};
    std::unique_ptr<Signals> signals = Signals::start({true, {}, [] {}}).value();

    template <class T> void put(std::uint32_t address, T value) {
        std::memcpy(bytes.data() + address, &value, sizeof value);
    }
    template <class T> T get(std::uint32_t address) {
        T value;
        std::memcpy(&value, bytes.data() + address, sizeof value);
        return value;
    }
    void subscribe_clock(std::uint32_t at, std::uint64_t userdata, std::uint32_t clock, std::uint64_t timeout,
                         std::uint16_t flags) {
        put(at, userdata);
        put(at + 8, std::uint8_t{0});
        put(at + 16, clock);
        put(at + 24, timeout);
        put(at + 40, flags);
    }
    std::int32_t poll(std::uint32_t subscriptions) {
        return wasi_poll_oneoff(memory, *signals, in, out, subscriptions, count);
    }
};

TEST_F(WasiPoll, sleeps_for_a_time_and_reports_the_clock) {
    const auto before = *wasi_clock_now(1);
    subscribe_clock(in, 77, 1, 5'000'000, 0);
    EXPECT_EQ(poll(1), wasi_success);
    EXPECT_GE(*wasi_clock_now(1) - before, 5'000'000u);
    EXPECT_EQ(get<std::uint32_t>(count), 1u);
    EXPECT_EQ(get<std::uint64_t>(out), 77u);
}

TEST_F(WasiPoll, sleeps_until_a_time_that_may_have_passed) {
    subscribe_clock(in, 1, 0, 5, 1);
    EXPECT_EQ(poll(1), wasi_success);
}

TEST_F(WasiPoll, reports_only_the_first_of_two_clocks) {
    subscribe_clock(in, 1, 1, UINT64_MAX, 0);
    subscribe_clock(in + 48, 2, 1, 1'000'000, 0);
    EXPECT_EQ(poll(2), wasi_success);
    EXPECT_EQ(get<std::uint32_t>(count), 1u);
    EXPECT_EQ(get<std::uint64_t>(out), 2u);
}

TEST_F(WasiPoll, takes_files_as_always_ready) {
    put(in + 8, std::uint8_t{1});
    put(in + 16, std::uint32_t{3});
    EXPECT_EQ(poll(1), wasi_success);
    EXPECT_EQ(get<std::uint8_t>(out + 10), 1);
}

TEST_F(WasiPoll, refuses_what_it_cannot_wait_for) {
    EXPECT_EQ(poll(0), wasi_inval);
    EXPECT_EQ(poll(0xffffffff), wasi_inval);
    subscribe_clock(in, 1, 9, 5, 0);
    EXPECT_EQ(poll(1), wasi_inval);
    put(in + 8, std::uint8_t{7});
    EXPECT_EQ(poll(1), wasi_inval);
}

TEST_F(WasiPoll, refuses_addresses_outside_of_the_memory) {
    subscribe_clock(in, 1, 1, 0, 0);
    EXPECT_EQ(wasi_poll_oneoff(memory, *signals, 65530, out, 1, count), wasi_fault);
    EXPECT_EQ(wasi_poll_oneoff(memory, *signals, in, 65530, 1, count), wasi_fault);
    EXPECT_EQ(wasi_poll_oneoff(memory, *signals, in, out, 1, 0xfffffffe), wasi_fault);
}

} // namespace
} // namespace ecc
