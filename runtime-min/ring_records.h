// The framing of records in a BPF ring buffer (include/uapi/linux/bpf.h, BPF_RINGBUF_*): a 32-bit header, 32
// bits for the kernel, the record, padding to 8 bytes.
#pragma once

#include "support/bytes.h"

#include <cstring>
#include <linux/bpf.h>

namespace ecc {

inline constexpr std::uint32_t ring_length_mask = ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

/// The bytes that a record with this header takes, header and padding included.
inline std::uint32_t ring_record_size(std::uint32_t header) {
    return ((header & ring_length_mask) + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
}

/// Calls `record(payload)` for every record that is not discarded, until it returns false, and up to the
/// first that is still being written or reaches beyond the span; returns the bytes of the records it went
/// through.
template <class Record> std::uint32_t for_each_record(ByteView span, Record record) {
    std::uint32_t offset = 0;
    while (offset + BPF_RINGBUF_HDR_SZ <= span.size()) {
        std::uint32_t header = 0;
        std::memcpy(&header, span.data() + offset, sizeof header);
        const auto size = ring_record_size(header);
        if ((header & BPF_RINGBUF_BUSY_BIT) != 0 || size > span.size() - offset)
            break;
        const auto payload = span.subspan(offset + BPF_RINGBUF_HDR_SZ, header & ring_length_mask);
        offset += size;
        if ((header & BPF_RINGBUF_DISCARD_BIT) == 0 && !record(payload))
            break;
    }
    return offset;
}

} // namespace ecc
