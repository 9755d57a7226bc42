#include "runtime-min/ring_buffer.h"

#include "runtime-min/ring_records.h"

#include <bpf/bpf.h>
#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::ElementsAre;

TEST(RingRecords, go_by_discarded_ones) {
    ByteWriter span;
    for (const std::uint32_t header : {3u, 5u | BPF_RINGBUF_DISCARD_BIT, 8u}) {
        span.u32(header);
        span.u32(0);
        span.put(as_bytes("12345678"));
    }
    std::vector<std::size_t> sizes;
    const auto consumed = for_each_record(span.bytes(), [&](ByteView record) {
        sizes.push_back(record.size());
        return true;
    });
    EXPECT_THAT(sizes, ElementsAre(3, 8));
    EXPECT_EQ(consumed, 48u);
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

TEST(RingBuffer, is_not_made_of_something_else) {
    EXPECT_FALSE(RingBuffer::open(0, 4096));
    EXPECT_FALSE(RingBuffer::open(-1, 4096));
}

} // namespace
} // namespace ecc
