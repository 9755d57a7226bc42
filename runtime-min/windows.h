// Windows: the part of a guest's memory in which a map's data shows, as the map's own pages or, where these
// cannot be put there, as a copy. The guest's code is the same for both.
#pragma once

#include "runtime-min/memory.h"
#include "runtime-min/placed_pages.h"
#include "runtime-min/ring_buffer.h"

#include <optional>

namespace ecc {

/// Wasm's page size: windows start and end at multiples of it.
inline constexpr std::uint32_t window_granularity = 65536;

/// Where a window is in the guest's memory.
struct WindowPlace {
    std::uint32_t address = 0;
    std::uint32_t length = 0;
    bool overlaps(const WindowPlace& other) const {
        return address < std::uint64_t{other.address} + other.length &&
               other.address < std::uint64_t{address} + length;
    }
};

/// -EINVAL: not a multiple of window_granularity, too small for `needed` bytes or 2 GiB long; -EFAULT:
/// outside of the guest's memory.
OrErrno<> check_window(const GuestMemory& memory, const WindowPlace& place, std::uint64_t needed);

class RingWindow {
public:
    static OrErrno<RingWindow> open(WindowPlace place, const GuestMemory& memory, WindowGuard& guard,
                                    int map_fd, std::uint32_t size);
    const WindowPlace& place() const { return place_; }
    bool is_copy() const { return !placed_; }
    RingBuffer& ring() { return ring_; }
    const RingBuffer& ring() const { return ring_; }

    /// Shows the next records in the window; returns offset << 32 | length, 0 if there are none.
    OrErrno<std::int64_t> next_span(const GuestMemory& memory);

private:
    RingWindow(WindowPlace place, RingBuffer ring) : place_(place), ring_(std::move(ring)) {}

    WindowPlace place_;
    RingBuffer ring_;
    std::optional<PlacedPages> placed_;
    bool guest_walks_ = false;
};

/// An mmapable array (BPF_F_MMAPABLE).
class ArrayWindow {
public:
    using Access = PlacedPages::Access;

    /// `size` is of the data. -EPERM: the kernel lets nobody write to this map.
    static OrErrno<ArrayWindow> open(WindowPlace place, const GuestMemory& memory, WindowGuard& guard,
                                     int map_fd, std::uint32_t size, Access access);
    const WindowPlace& place() const { return place_; }
    bool is_copy() const { return !placed_; }

    /// Of a copy: gives the map the bytes that the guest changed since the last time, and only those, for the
    /// kernel may have changed others; then shows the map anew.
    OrErrno<> sync(const GuestMemory& memory);

private:
    ArrayWindow(WindowPlace place, Access access) : place_(place), access_(access) {}
    void write_back(ByteView window);

    WindowPlace place_;
    Access access_;
    std::optional<PlacedPages> placed_;
    Mapping pages_; ///< of a copy
    Bytes shown_;   ///< what the guest saw of it
};

} // namespace ecc
