// Windows: the part of a guest's memory in which a map's data shows. Both sorts here hold a copy; the guest's
// code is the same for windows whose pages are the map's own.
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

/// An mmapable array. The guest's changes are found by comparing with what it was last shown, and only those
/// bytes are written: the others may have been counted up by the kernel meanwhile.
class ArrayWindow {
public:
    static OrErrno<ArrayWindow> open(WindowPlace place, int map_fd, std::uint32_t size, bool writable);
    const WindowPlace& place() const { return place_; }

    OrErrno<> sync(const GuestMemory& memory);

private:
    ArrayWindow(WindowPlace place, Mapping pages, std::uint32_t size, bool writable)
        : place_(place), pages_(std::move(pages)), shown_(size), writable_(writable) {}
    void write_back(ByteView window);

    WindowPlace place_;
    Mapping pages_;
    Bytes shown_; ///< empty of meaning until the first sync
    bool writable_;
    bool synced_ = false;
};

} // namespace ecc
