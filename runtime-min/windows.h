// Windows: the part of a guest's memory in which a map's data shows, as a copy or as the map's own pages. The
// guest's code is the same for both.
#pragma once

#include "runtime-min/memory.h"
#include "runtime-min/ring_buffer.h"

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
    RingWindow(WindowPlace place, RingBuffer ring) : place_(place), ring_(std::move(ring)) {}
    const WindowPlace& place() const { return place_; }
    RingBuffer& ring() { return ring_; }
    const RingBuffer& ring() const { return ring_; }

    /// Copies the committed records into the window; returns offset << 32 | length, 0 if there are none.
    OrErrno<std::int64_t> refresh(const GuestMemory& memory);

private:
    WindowPlace place_;
    RingBuffer ring_;
};

/// A copy of an mmapable array; what the guest changes in it goes nowhere.
class ArrayWindow {
public:
    static OrErrno<ArrayWindow> open(WindowPlace place, int map_fd, std::uint32_t size);
    const WindowPlace& place() const { return place_; }

    OrErrno<> refresh(const GuestMemory& memory) const;

private:
    ArrayWindow(WindowPlace place, Mapping pages) : place_(place), pages_(std::move(pages)) {}

    WindowPlace place_;
    Mapping pages_;
};

/// An mmapable array whose own pages lie in the guest's memory, for reading and writing. (A window that may
/// only be read is always a copy: a store to it by bulk instructions or through WASI would fault in the
/// host.)
class PlacedArray {
public:
    /// `size` is of the data; linear memory never moves while the window exists.
    static OrErrno<PlacedArray> open(WindowPlace place, const GuestMemory& memory, int map_fd,
                                     std::uint32_t size);
    PlacedArray(PlacedArray&& other) noexcept;
    PlacedArray& operator=(PlacedArray&&) = delete;
    /// Leaves zeroed memory.
    ~PlacedArray();
    const WindowPlace& place() const { return place_; }

private:
    PlacedArray(WindowPlace place, std::span<std::uint8_t> pages) : place_(place), pages_(pages) {}

    WindowPlace place_;
    std::span<std::uint8_t> pages_;
};

} // namespace ecc
