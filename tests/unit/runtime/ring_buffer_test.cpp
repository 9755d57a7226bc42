#include "runtime-min/ring_buffer.h"

#include "runtime-min/ring_records.h"
#include "tests/unit/runtime/held_record.h"

#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <optional>
#include <poll.h>

namespace ecc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// How many bytes of records are gone through, and how long these are.
struct Walked {
    std::uint32_t consumed = 0;
    std::vector<std::size_t> sizes;
};

Walked walk(ByteView span) {
    Walked walked;
    walked.consumed = for_each_record(span, [&](ByteView record) {
        walked.sizes.push_back(record.size());
        return true;
    });
    return walked;
}

TEST(RingRecords, go_by_discarded_ones) {
    ByteWriter span;
    for (const std::uint32_t header : {3u, 5u | BPF_RINGBUF_DISCARD_BIT, 8u}) {
        span.u32(header);
        span.u32(0);
        span.put(as_bytes("12345678"));
    }
    const auto walked = walk(span.bytes());
    EXPECT_THAT(walked.sizes, ElementsAre(3, 8));
    EXPECT_EQ(walked.consumed, 48u);
}

class UnreadableRecord : public testing::TestWithParam<std::uint32_t> {};

TEST_P(UnreadableRecord, ends_a_walk_before_it) {
    ByteWriter span;
    for (const std::uint32_t header : {8u, GetParam()}) {
        span.u32(header);
        span.u32(0);
        span.put(as_bytes("12345678"));
    }
    const auto walked = walk(span.bytes());
    EXPECT_THAT(walked.sizes, ElementsAre(8));
    EXPECT_EQ(walked.consumed, 16u);
}

INSTANTIATE_TEST_SUITE_P(With, UnreadableRecord,
                         testing::Values(9u, 16u, ring_length_mask, ring_length_mask - 8,
                                         9u | BPF_RINGBUF_DISCARD_BIT, 8u | BPF_RINGBUF_BUSY_BIT,
                                         BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT, UINT32_MAX));

TEST(RingRecords, need_a_whole_header) {
    const Bytes span(23, 0);
    EXPECT_EQ(walk(span).consumed, 16u);
    EXPECT_EQ(walk(ByteView(span).first(7)).consumed, 0u);
}

TEST(RingRecords, stop_after_the_one_that_was_refused) {
    ByteWriter span;
    for (int i = 0; i < 2; ++i) {
        span.u32(8);
        span.u32(0);
        span.put(as_bytes("12345678"));
    }
    EXPECT_EQ(for_each_record(span.bytes(), [](ByteView) { return false; }), 16u);
}

class RingBufferTest : public testing::Test {
protected:
    static constexpr std::uint32_t size = 4096;
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests make BPF maps: run them as root";
        fd = FileDescriptor(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "test", 0, 0, size, nullptr));
        ASSERT_TRUE(fd);
    }
    FileDescriptor fd;
};

TEST_F(RingBufferTest, is_empty_at_first) {
    auto ring = RingBuffer::open(fd.get(), size).value();
    EXPECT_FALSE(ring.ready());
    EXPECT_TRUE(ring.committed(1000).bytes.empty());
}

TEST_F(RingBufferTest, does_not_take_back_what_it_never_gave) {
    auto ring = RingBuffer::open(fd.get(), size).value();
    EXPECT_TRUE(ring.release(0));
    EXPECT_FALSE(ring.release(8));
    EXPECT_FALSE(ring.release(UINT32_MAX));
}

TEST_F(RingBufferTest, is_not_opened_with_a_size_that_is_not_its_own) {
    for (const std::uint32_t wrong : {0u, 100u, 1u << 31, 8192u})
        EXPECT_FALSE(RingBuffer::open(fd.get(), wrong)) << wrong;
}

constexpr std::uint32_t record_size = 64 + BPF_RINGBUF_HDR_SZ; // of a RecordWriter's

class BusyRecordTest : public RingBufferTest {
protected:
    void SetUp() override {
        ASSERT_NO_FATAL_FAILURE(RingBufferTest::SetUp());
        ring.emplace(RingBuffer::open(fd.get(), size).value());
        writer.emplace(fd.get());
    }
    bool is_readable(int wait_fd) {
        pollfd polled{wait_fd, POLLIN, 0};
        return ::poll(&polled, 1, 0) > 0;
    }
    std::optional<RingBuffer> ring;
    std::optional<test::RecordWriter> writer;
};

TEST_F(BusyRecordTest, hides_itself_and_what_was_committed_behind_it) {
    ASSERT_TRUE(writer->write(1));
    writer->hold(2);
    ASSERT_TRUE(writer->write(3));
    EXPECT_THAT(walk(ring->committed(1000).bytes).sizes, ElementsAre(64));
    ASSERT_TRUE(ring->release(record_size));
    EXPECT_THAT(ring->committed(1000).bytes, IsEmpty());
    EXPECT_THAT(walk(ring->written().bytes).sizes, IsEmpty());
    writer->finish();
    EXPECT_THAT(walk(ring->committed(1000).bytes).sizes, ElementsAre(64, 64));
}

TEST_F(BusyRecordTest, is_waited_for_without_spinning) {
    writer->hold(1);
    EXPECT_FALSE(ring->ready_or_arm());
    ASSERT_TRUE(writer->write(2));
    EXPECT_FALSE(ring->ready_or_arm());
    EXPECT_FALSE(is_readable(ring->wait_fd()));
    writer->finish();
    EXPECT_TRUE(is_readable(ring->wait_fd()));
    EXPECT_TRUE(ring->ready_or_arm());
}

TEST_F(BusyRecordTest, is_not_counted) {
    ASSERT_TRUE(writer->write(1));
    writer->hold(2);
    const auto span = ring->written();
    ASSERT_EQ(span.bytes.size(), 2 * record_size);
    EXPECT_EQ(ring->count(2 * record_size).records, 1u);
}

TEST_F(BusyRecordTest, that_a_guest_gives_back_costs_it_records_and_nobody_else_anything) {
    if (!guests_may_walk_records())
        return; // no guest of this kernel can do that
    writer->hold(1);
    ASSERT_EQ(ring->written().bytes.size(), record_size);
    ASSERT_TRUE(ring->release(record_size));
    for (int i = 0; i < 100 && writer->write(2); ++i)
        ring->release(static_cast<std::uint32_t>(ring->written().bytes.size()));
    writer->finish();
    ring->release(static_cast<std::uint32_t>(ring->written().bytes.size()));
    ASSERT_TRUE(writer->write(3));
    EXPECT_THAT(walk(ring->committed(1000).bytes).sizes, ElementsAre(64));
}

/// What another process that has the map may do at any time.
class MovedPositionTest : public BusyRecordTest, public testing::WithParamInterface<std::uint64_t> {
protected:
    void move_consumer(std::uint64_t position) {
        auto page = Mapping::make(fd.get(), 4096, PROT_READ | PROT_WRITE, 0).value();
        *reinterpret_cast<volatile std::uint64_t*>(page.bytes().data()) = position;
    }
};

TEST_P(MovedPositionTest, shows_no_more_than_the_buffer_holds) {
    ASSERT_TRUE(writer->write(1));
    move_consumer(GetParam());
    EXPECT_LE(ring->committed(UINT32_MAX).bytes.size(), size);
    EXPECT_LE(ring->written().bytes.size(), size);
    std::ignore = ring->ready_or_arm();
    move_consumer(0);
    EXPECT_THAT(walk(ring->committed(1000).bytes).sizes, ElementsAre(64));
}

TEST_P(MovedPositionTest, between_looking_and_giving_back_has_no_effect) {
    ASSERT_TRUE(writer->write(1));
    ASSERT_EQ(ring->committed(1000).bytes.size(), record_size);
    move_consumer(GetParam());
    EXPECT_EQ(ring->count(record_size).records, 1u);
    EXPECT_FALSE(ring->release(8));
    EXPECT_TRUE(ring->release(record_size));
    ASSERT_TRUE(writer->write(2));
    EXPECT_THAT(walk(ring->committed(1000).bytes).sizes, ElementsAre(64));
}

INSTANTIATE_TEST_SUITE_P(To, MovedPositionTest,
                         testing::Values(1u, 8u, 4095u, 4096u, UINT32_MAX, std::uint64_t{1} << 32,
                                         ~std::uint64_t{0}, ~std::uint64_t{7}));

TEST(RingBuffer, is_not_made_of_something_else) {
    EXPECT_FALSE(RingBuffer::open(0, 4096));
    EXPECT_FALSE(RingBuffer::open(-1, 4096));
}

} // namespace
} // namespace ecc
