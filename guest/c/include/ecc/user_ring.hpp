/* SPDX-License-Identifier: Apache-2.0 */
// User ring buffers by the types of their records, as the C++ skeletons have them: a program of the kernel
// part drains what is sent into them. There are as many Records as types are known; bytes can always be sent.
#pragma once

#include <ecc/maps.hpp>

#include <concepts>
#include <cstring>
#include <memory>

namespace ecc {

/// Sends records. A `timeout_ms` of 0 does not wait for room (ENOSPC), -1 waits for ever; EINTR after a
/// signal whose handler has run.
template <class... Records> class user_ring_writer {
public:
    static result<user_ring_writer> open(const map& map) {
        user_ring_writer writer;
        writer.ring_.reset(user_ring_buffer__new(map.fd(), nullptr));
        if (!writer.ring_)
            return failure(error{errno});
        return writer;
    }

    template <class Record>
        requires(std::same_as<Record, Records> || ...)
    status send(const Record& record, int timeout_ms = 0) {
        return send_bytes(std::as_bytes(std::span(&record, 1)), timeout_ms);
    }
    status send_bytes(std::span<const std::byte> bytes, int timeout_ms = 0) {
        const auto size = static_cast<__u32>(bytes.size());
        void* sample = timeout_ms == 0 ? user_ring_buffer__reserve(ring_.get(), size)
                                       : user_ring_buffer__reserve_blocking(ring_.get(), size, timeout_ms);
        if (!sample)
            return failure(error{errno});
        if (size != 0)
            std::memcpy(sample, bytes.data(), size);
        user_ring_buffer__submit(ring_.get(), sample);
        return {};
    }

private:
    struct closer {
        void operator()(user_ring_buffer* ring) const { user_ring_buffer__free(ring); }
    };
    user_ring_writer() = default;

    std::unique_ptr<user_ring_buffer, closer> ring_;
};

template <class... Records> class user_ring_of : public map {
public:
    using map::map;

    /// What its samples are sent by, in one place at a time.
    result<user_ring_writer<Records...>> write() const { return user_ring_writer<Records...>::open(*this); }
};

} // namespace ecc
