// The host's end of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF; kernel/bpf/ringbuf.c). The host owns the
// consumer position: a guest says how much of the last span it is done with, and that is checked against the
// kernel's own headers.
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

    /// Whole committed records, discarded ones included, framing intact, contiguous, from the consumer
    /// position up to the first that is still being written; about `limit` bytes at most, but at least one
    /// record if there is one.
    struct Span {
        std::uint32_t offset = 0; ///< within the data, less than its size
        ByteView bytes;           ///< good until `release`
    };
    Span committed(std::uint32_t limit);

    /// Gives `consumed` bytes of the last span back to the kernel. False if that is not the end of a record
    /// in it.
    bool release(std::uint32_t consumed);

    /// True if there is a committed record.
    bool ready() const;

    /// The same; if there is none, `wait_fd` becomes readable (poll, epoll) with the next.
    bool ready_or_arm() const;
    int wait_fd() const { return epoll_.get(); }

private:
    RingBuffer(Mapping consumer, Mapping producer, FileDescriptor epoll, std::uint32_t size);

    std::uint64_t consumer_position() const;
    std::uint64_t producer_position() const;
    std::uint32_t header_at(std::uint64_t position) const;
    bool is_boundary(std::uint32_t consumed) const;

    Mapping consumer_;
    Mapping producer_; ///< one page, then the data twice
    FileDescriptor epoll_;
    std::uint32_t size_;
    std::uint32_t last_length_ = 0;
};

} // namespace ecc
