// Reading a ring buffer record by record in C: <ecc/ring.h> has no more to do with the host than a span of
// its window.
#include "guest/c/include/ecc/ring.h"

#include <gmock/gmock.h>
#include <vector>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Records of as many bytes as their headers say, each filled with its number.
class Span {
public:
    Span& add(std::uint32_t header) {
        const auto length = header & ~(ECC_RING_BUSY | ECC_RING_DISCARD);
        words_.push_back(header);
        words_.insert(words_.end(), (length + 7) / 8, 0x0101010101010101u * ++count_);
        return *this;
    }
    /// What comes out of it, as sizes; how far the reader came is in `consumed`.
    std::vector<std::size_t> read(std::size_t length) {
        const auto* start = reinterpret_cast<const char*>(words_.data());
        ecc_ring ring{start, start + length, start, nullptr, 0, 0};
        std::vector<std::size_t> sizes;
        std::size_t size = 0;
        while (const void* record = ecc_ring_next(&ring, &size)) {
            first_bytes.push_back(*static_cast<const char*>(record));
            sizes.push_back(size);
        }
        consumed = static_cast<std::size_t>(ring.at - ring.start);
        return sizes;
    }
    std::vector<std::size_t> read() { return read(words_.size() * 8); }

    std::vector<int> first_bytes;
    std::size_t consumed = 0;

private:
    std::vector<std::uint64_t> words_;
    std::uint64_t count_ = 0;
};

TEST(RingReader, gives_every_record_with_its_own_size) {
    auto span = Span().add(8).add(3).add(16);
    EXPECT_THAT(span.read(), ElementsAre(8, 3, 16));
    EXPECT_THAT(span.first_bytes, ElementsAre(1, 2, 3));
    EXPECT_EQ(span.consumed, 16u + 16 + 24);
}

TEST(RingReader, skips_what_was_discarded) {
    auto span = Span().add(8 | ECC_RING_DISCARD).add(4).add(16 | ECC_RING_DISCARD);
    EXPECT_THAT(span.read(), ElementsAre(4));
    EXPECT_EQ(span.consumed, 16u + 16 + 24);
}

TEST(RingReader, stops_at_a_record_that_is_being_written) {
    for (const auto header : {8 | ECC_RING_BUSY, 8 | ECC_RING_BUSY | ECC_RING_DISCARD}) {
        auto span = Span().add(8).add(header).add(8);
        EXPECT_THAT(span.read(), ElementsAre(8));
        EXPECT_EQ(span.consumed, 16u);
    }
}

TEST(RingReader, finds_nothing_in_an_empty_span) {
    auto span = Span().add(8);
    EXPECT_THAT(span.read(0), IsEmpty());
    EXPECT_EQ(span.consumed, 0u);
}

TEST(RingReader, claims_more_than_the_span_when_a_record_reaches_beyond_it) {
    // The host answers that with a trap, wherever the record was.
    auto span = Span().add(8).add(64);
    span.read(24);
    EXPECT_GT(span.consumed, 24u);
}

} // namespace
