// Windows in a guest's memory: what a guest may do to them, and what happens where a map's pages cannot be
// put there.
#include "guest/c/include/ecc/host.h"
#include "runtime-min/mapping.h"
#include "tests/unit/runtime/guest_process.h"
#include "tests/unit/runtime/held_record.h"
#include "tests/unit/runtime/refused_call.h"

#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class WindowTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root"; }

    Ended run_mode(const char* mode) { return run({file.path(), "--", mode}); }

    TemporaryFile file{packaged("windows.wasm", {"events"})};
};

/// Neither moving pages nor anything else that needs mremap(2) works.
void refuse_mremap() {
    refuse_call(SYS_mremap, ENOMEM);
}

class ForbiddenWriteTest : public WindowTest, public testing::WithParamInterface<const char*> {};

TEST_P(ForbiddenWriteTest, ends_the_guest_and_not_the_runtime) {
    const auto ended = run_mode(GetParam());
    EXPECT_THAT(ended.out, HasSubstr("ring zero copy"));
    EXPECT_THAT(ended.out, Not(HasSubstr("end")));
    EXPECT_EQ(ended.status, 134) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("the program trapped: wrote to a window that may only be read"));
}

INSTANTIATE_TEST_SUITE_P(By, ForbiddenWriteTest,
                         testing::Values("store", "store at the last byte", "fill", "fill around", "copy",
                                         "random", "arguments", "status", "fill and exit", "fill and spin"));

TEST_F(WindowTest, reading_standard_input_into_it_ends_the_guest_or_fails) {
    const TemporaryFile input(Bytes(100, 1));
    const auto ended = run({file.path(), "--", "read"}, [&] {
        if (::freopen(input.path().c_str(), "r", stdin) == nullptr)
            ::_exit(98);
    });
    EXPECT_THAT(ended.status, testing::AnyOf(0, 134)) << ended.err;
}

TEST_F(WindowTest, host_functions_do_not_write_their_results_to_it) {
    const auto ended = run_mode("our results");
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(WindowTest, ends_where_the_maps_pages_end_and_leaves_ordinary_memory) {
    const auto ended = run_mode("ordinary memory");
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(WindowTest, is_not_described_within_itself) {
    const auto ended = run_mode("own info");
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(WindowTest, shows_frozen_maps_for_reading_only) {
    const auto ended = run_mode("frozen");
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(WindowTest, goes_with_the_object_that_it_is_of) {
    const auto ended = run_mode("closed");
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST_F(WindowTest, may_change_under_calls_whose_arguments_lie_in_it) {
    GuestProcess guest({file.path(), "--", "changing"});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    const auto map = map_of_process(guest.pid(), "shown");
    auto pages = Mapping::make(map.get(), 4096, PROT_READ | PROT_WRITE, 0).value();
    auto* words = reinterpret_cast<std::uint32_t*>(pages.bytes().data());
    std::jthread changes([words](const std::stop_token& stop) {
        constexpr std::uint32_t sizes[]{sizeof(ecc_object_opts), 0, 4, UINT32_MAX, 4096, 0x40000001};
        for (std::size_t i = 0; !stop.stop_requested(); ++i)
            __atomic_store_n(words + i % 8, sizes[i % std::size(sizes)], __ATOMIC_RELAXED);
    });
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("end"));
}

class SharedArrayTest : public WindowTest, public testing::WithParamInterface<bool> {};

TEST_P(SharedArrayTest, keeps_what_the_kernel_and_what_the_guest_changed) {
    const bool copied = GetParam();
    GuestProcess guest({file.path(), "--", "share"}, copied ? refuse_mremap : nullptr);
    ASSERT_TRUE(guest.wait_for_line("ready"));
    for (int i = 0; i < 5; ++i)
        ::syscall(SYS_getpriority, 7777, i);
    guest.write_input("\n");
    const auto ended = guest.wait();
    EXPECT_THAT(ended.out, HasSubstr(copied ? "array copy" : "array zero copy"));
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

INSTANTIATE_TEST_SUITE_P(Copied, SharedArrayTest, testing::Bool());

TEST_F(WindowTest, a_ring_buffer_that_cannot_be_placed_is_copied) {
    const TemporaryFile events(packaged("events.wasm", {"events"}));
    GuestProcess guest({events.path(), "--", "30"}, refuse_mremap);
    ASSERT_TRUE(guest.wait_for_line("ready"));
    std::string numbers;
    for (int i = 0; i < 30; ++i) {
        ::syscall(SYS_getpriority, 7777, i);
        numbers += std::to_string(100 + i) + "\n";
    }
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "ready\n" + numbers + "array 30 42\nkernel 42\n");
}

class UnfinishedRecordTest : public WindowTest, public testing::WithParamInterface<bool> {};

TEST_P(UnfinishedRecordTest, and_those_behind_it_come_in_order_when_it_is_finished) {
    const bool copied = GetParam();
    const TemporaryFile events(packaged("events.wasm", {"events"}));
    GuestProcess guest({events.path(), "--", "4"}, copied ? refuse_mremap : nullptr);
    ASSERT_TRUE(guest.wait_for_line("ready"));
    RecordWriter writer(map_of_process(guest.pid(), "events").get());
    ASSERT_TRUE(writer.write(1));
    ASSERT_TRUE(guest.wait_for_line("1"));
    writer.hold(2);
    ASSERT_TRUE(writer.write(3));
    ASSERT_TRUE(writer.write(4));
    writer.finish();
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "ready\n1\n2\n3\n4\narray 0 42\nkernel 42\n");
}

INSTANTIATE_TEST_SUITE_P(Copied, UnfinishedRecordTest, testing::Bool());

TEST_F(WindowTest, a_copied_ring_buffer_takes_back_whole_records_only) {
    const TemporaryFile events(packaged("events.wasm", {"events"}));
    GuestProcess guest({events.path(), "--", "100", "half"}, refuse_mremap);
    ASSERT_TRUE(guest.wait_for_line("ready"));
    ::syscall(SYS_getpriority, 7777, 0);
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 134);
    EXPECT_THAT(ended.err, HasSubstr("consumed"));
}

} // namespace
} // namespace ecc::test
