// The host's end of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF; kernel/bpf/ringbuf.c). The host owns the
// consumer position: a guest says how much of the last span it is done with.
//
// Records are framed as in ring_records.h. Either the host walks the headers (`committed`), and what is given
// back must end where a record ends; or the guest gets everything that is written (`written`) and looks at
// the BUSY bits itself, which touches each record once only. A guest may then give back records that are
// still being written: kernels that trust a header which a producer overwrote meanwhile (CVE-2024-41009) must
// not be read in this way.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/mapping.h"
#include "support/bytes.h"

#include <cstdint>

namespace ecc {

class RingBuffer {
public:
    /// `size` is the map's max_entries.
    static OrErrno<RingBuffer> open(int map_fd, std::uint32_t size);

    std::uint32_t size() const { return size_; }

    struct Span {
        std::uint32_t offset = 0; ///< within the data, less than its size
        ByteView bytes;           ///< good until `release`
    };
    /// Whole committed records, discarded ones included, framing intact, contiguous, from the consumer
    /// position up to the first that is still being written; about `limit` bytes at most, but at least one
    /// record if there is one.
    Span committed(std::uint32_t limit);
    /// Everything from the consumer position to the producer's: whole records, of which those with the BUSY
    /// bit, and what follows them, must not be read.
    Span written();

    struct Count {
        std::uint64_t records = 0; ///< not discarded
        std::uint64_t bytes = 0;   ///< of what the program put into them
    };
    /// What the first `consumed` bytes of the last span hold. Looks at each record.
    Count count(std::uint32_t consumed) const;

    /// Gives `consumed` bytes of the last span back to the kernel. False if that is more than the span, no
    /// multiple of 8 or, of a span of committed records, not the end of one.
    bool release(std::uint32_t consumed);

    /// True if there is a committed record.
    bool ready() const;

    /// The same; if there is none, `wait_fd` becomes readable (poll, epoll) with the next.
    bool ready_or_arm() const;
    int wait_fd() const { return epoll_.get(); }

    /// The pages of the data, twice in a row: may be moved away to where `data_is_at` says.
    Mapping& data() { return data_; }
    void data_is_at(const std::uint8_t* place) { data_place_ = place; }

private:
    RingBuffer(Mapping consumer, Mapping producer, Mapping data, FileDescriptor epoll, std::uint32_t size);

    std::uint64_t consumer_position() const;
    std::uint64_t producer_position() const;
    std::uint32_t header_at(std::uint64_t position) const;
    bool is_boundary(std::uint32_t consumed) const;
    /// Nothing is written if the consumer's position makes no sense: another process that has the map can
    /// move it at any time.
    std::uint64_t end_of_written(std::uint64_t start) const;
    Span show(std::uint64_t start, std::uint64_t end, bool walked);

    Mapping consumer_, producer_; ///< a page each
    Mapping data_;
    const std::uint8_t* data_place_;
    FileDescriptor epoll_;
    std::uint32_t size_;
    std::uint64_t last_start_ = 0;
    std::uint32_t last_length_ = 0;
    bool last_was_walked_ = true;
};

/// True if a guest may look at BUSY bits itself: plain loads keep their order on this machine, and the kernel
/// does not trust headers behind the consumer position (it has bpf_ringbuf.pending_pos).
bool guests_may_walk_records();

} // namespace ecc
