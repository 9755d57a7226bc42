/* SPDX-License-Identifier: Apache-2.0 */
// Records of ring and perf buffers by their types, as the C++ skeletons have them: where they lie, without a copy. `Record`
// is the type of all records of a buffer, or a class made of record if there are several.
#pragma once

#include <ecc/maps.hpp>
#include <ecc/ring.h>

#include <concepts>
#include <memory>
#include <type_traits>

namespace ecc {

/// Records start at multiples of it, whatever their type is.
inline constexpr std::size_t record_alignment = 8;

/// One record as bytes. Valid until the next wait, or until the callback returns.
class record {
public:
    explicit record(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::span<const std::byte> bytes() const { return bytes_; }

    /// The record in place if it has the bytes of a T and at most `more`, or else null; a copy of one that is aligned to
    /// more than records are.
    template <class T> auto as(std::size_t more = SIZE_MAX) const {
        const bool fits = bytes_.size() >= sizeof(T) && bytes_.size() - sizeof(T) <= more;
        if constexpr (alignof(T) <= record_alignment) {
            return fits ? reinterpret_cast<const T *>(bytes_.data()) : nullptr;
        } else {
            std::optional<T> copy;
            if (fits)
                std::memcpy(&copy.emplace(), bytes_.data(), sizeof(T));
            return copy;
        }
    }

    /// The record in place with the elements behind it: Tailed is a tailed<...>, and null if the bytes are too few.
    template <class Tailed> Tailed as_tailed() const { return Tailed(bytes_); }

private:
    std::span<const std::byte> bytes_;
};

/// A record whose type ends with a flexible array of Element, which starts at byte Offset: a pointer to a T that knows how
/// many elements there are. Null if the bytes are too few for a T.
///
///     for (const auto &message : *ring)
///         print(message->kind, message.tail());
template <class T, class Element, std::size_t Offset> class tailed : public record {
    static_assert(alignof(T) <= record_alignment);

public:
    explicit tailed(std::span<const std::byte> bytes) : record(bytes) {}

    const T *get() const { return as<T>(); }
    explicit operator bool() const { return get() != nullptr; }
    const T &operator*() const { return *get(); }
    const T *operator->() const { return get(); }
    operator const T &() const { return *get(); }

    /// As many elements as the record has room for. The kernel rounds the lengths of perf buffers' records up, so that
    /// there may be up to 7 bytes more than were sent.
    std::span<const Element> tail() const {
        if (bytes().size() <= Offset)
            return {};
        const auto rest = bytes().subspan(Offset);
        return {reinterpret_cast<const Element *>(rest.data()), rest.size() / sizeof(Element)};
    }
};

template <class> inline constexpr bool is_tailed = false;
template <class T, class Element, std::size_t Offset> inline constexpr bool is_tailed<tailed<T, Element, Offset>> = true;

/// What a reader makes of the bytes of a record: dereferences to it, or is false if they are too few.
template <class Record> auto view(std::span<const std::byte> bytes) {
    if constexpr (is_tailed<Record>)
        return Record(bytes) ? std::optional(Record(bytes)) : std::nullopt;
    else if constexpr (std::derived_from<Record, record>)
        return std::optional<Record>(Record(bytes));
    else
        return record(bytes).as<Record>();
}

/// Reads a ring buffer: wait(), then go through what is there, which is an input range.
///
///     while (ring->wait())
///         for (const event &event : *ring)
///             use(event);
///
/// Records stay until the next wait and must not be written to. Those with too few bytes are left out.
template <class Record> class ring_reader {
    using seen = decltype(view<Record>({}));

public:
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Record;
        using difference_type = std::ptrdiff_t;

        explicit iterator(ecc_ring *ring) : ring_(ring) { ++*this; }
        decltype(auto) operator*() const { return *record_; }
        iterator &operator++() {
            std::size_t size = 0;
            record_ = {};
            while (const void *data = ecc_ring_next(ring_, &size))
                if ((record_ = view<Record>({static_cast<const std::byte *>(data), size})))
                    break;
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator &at, std::default_sentinel_t) { return !at.record_; }

    private:
        ecc_ring *ring_;
        seen record_{};
    };

    static result<ring_reader> open(const map &map) {
        ring_reader reader;
        if (auto opened = status_of(ecc_ring_open(&reader.ring_, map.fd())); !opened)
            return failure(opened.error());
        return reader;
    }
    ring_reader(ring_reader &&other) noexcept : ring_(std::exchange(other.ring_, {})) {}
    ring_reader &operator=(ring_reader &&other) noexcept {
        std::swap(ring_, other.ring_);
        return *this;
    }
    ~ring_reader() { ecc_ring_close(&ring_); }

    /// Gives back what was read and waits for more; -1 is for ever. False after the timeout. EINTR after a signal whose
    /// handler has run.
    result<bool> wait(int timeout_ms = -1) {
        const int waited = ecc_ring_acquire(&ring_, timeout_ms);
        if (waited < 0)
            return failure(error{-waited});
        return waited > 0;
    }
    iterator begin() { return iterator(&ring_); }
    std::default_sentinel_t end() const { return {}; }

private:
    ring_reader() = default;

    ecc_ring ring_{};
};

/// Reads the perf buffers of all CPUs and calls back for each sample.
class perf_reader {
    struct callbacks {
        virtual ~callbacks() = default;
        virtual void sample(int cpu, std::span<const std::byte> bytes) = 0;
        virtual void lost(int cpu, std::uint64_t count) = 0;
    };
    template <class Record, class OnSample, class OnLost> struct callbacks_of final : callbacks {
        callbacks_of(OnSample on_sample, OnLost on_lost)
            : on_sample_(std::move(on_sample)), on_lost_(std::move(on_lost)) {}
        void sample(int cpu, std::span<const std::byte> bytes) override {
            if (auto seen = view<Record>(bytes))
                on_sample_(cpu, *seen);
        }
        void lost(int cpu, std::uint64_t count) override { on_lost_(cpu, count); }

        OnSample on_sample_;
        OnLost on_lost_;
    };
    struct closer {
        void operator()(perf_buffer *buffer) const { perf_buffer__free(buffer); }
    };

public:
    /// See perf_of::read.
    template <class Record, class OnSample, class OnLost>
    static result<perf_reader> open(const map &map, std::size_t pages, OnSample on_sample, OnLost on_lost) {
        perf_reader reader;
        reader.callbacks_.reset(new (std::nothrow) callbacks_of<Record, OnSample, OnLost>(
            std::move(on_sample), std::move(on_lost)));
        if (!reader.callbacks_)
            return failure(error{ENOMEM});
        reader.buffer_.reset(perf_buffer__new(
            map.fd(), pages,
            [](void *context, int cpu, void *data, __u32 size) {
                static_cast<callbacks *>(context)->sample(cpu, {static_cast<const std::byte *>(data), size});
            },
            [](void *context, int cpu, __u64 count) { static_cast<callbacks *>(context)->lost(cpu, count); },
            reader.callbacks_.get(), nullptr));
        if (!reader.buffer_)
            return failure(error{errno});
        return reader;
    }

    /// Waits for samples and calls back for each; -1 is for ever. The number of CPUs that had some, 0 after the timeout.
    /// EINTR after a signal whose handler has run.
    result<int> poll(int timeout_ms = -1) { return number_of(perf_buffer__poll(buffer_.get(), timeout_ms)); }
    /// The same without waiting.
    status consume() { return status_of(perf_buffer__consume(buffer_.get())); }

private:
    perf_reader() = default;

    std::unique_ptr<callbacks> callbacks_; // outlives the buffer
    std::unique_ptr<perf_buffer, closer> buffer_;
};

/// A ring buffer.
template <class Record> class ring_of : public map {
public:
    using map::map;

    /// A map has one reader.
    result<ring_reader<Record>> read() const { return ring_reader<Record>::open(*this); }
};

/// A perf event array.
template <class Record> class perf_of : public map {
public:
    using map::map;

    /// Calls `on_sample(int cpu, const Record &)`, and `on_lost(int cpu, std::uint64_t count)` where samples found no room
    /// in the buffer of `pages` pages (a power of two) of their CPU.
    template <class OnSample, class OnLost>
    result<perf_reader> read(std::size_t pages, OnSample on_sample, OnLost on_lost) const {
        return perf_reader::open<Record>(*this, pages, std::move(on_sample), std::move(on_lost));
    }
    template <class OnSample> result<perf_reader> read(std::size_t pages, OnSample on_sample) const {
        return read(pages, std::move(on_sample), [](int, std::uint64_t) {});
    }
};

} // namespace ecc
