// The parts of the guest's memory that show a map's own pages and may only be read.
//
// The engine turns a guest's own store to such a page into a trap. A store by host code (the engine's
// bulk-memory instructions, WASI's answers) would fault in the host and end the process. So the guard handles
// SIGSEGV: it puts ordinary memory in the window's place, where the store may land, and says that this guest
// is to end. Our own host functions ask `covers` and refuse such addresses.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

namespace ecc {

/// Why such a guest ends.
inline constexpr const char* forbidden_write = "wrote to a window that may only be read";

class WindowGuard {
public:
    static constexpr std::size_t limit = 256;

    /// From now on faults are looked at. Make it before the engine, which passes on the faults that are not
    /// its own; at most one at a time. `interrupt` makes a computing guest trap; it is called within a signal
    /// handler.
    explicit WindowGuard(std::function<void()> interrupt);
    ~WindowGuard();
    WindowGuard(const WindowGuard&) = delete;
    WindowGuard& operator=(const WindowGuard&) = delete;

    /// Watches over these pages; false if it watches over `limit` windows already.
    bool add(std::span<const std::uint8_t> pages);
    void remove(std::span<const std::uint8_t> pages);
    /// True if a byte of `bytes` lies in a window.
    bool covers(std::span<const std::uint8_t> bytes) const;

    /// The guest must not go on: its memory is no longer what it takes it for. The first reason counts.
    void poison(const char* reason);
    /// Why the guest is to end, or null.
    const char* poisoned() const { return reason_; }

    /// True if the fault was at a window and can be forgotten.
    bool mend(const void* address);

private:
    struct Range {
        std::atomic<std::uintptr_t> begin = 0, end = 0;
    };

    std::array<Range, limit> ranges_;
    std::atomic<std::size_t> used_ = 0; ///< no range from here on is in use
    std::atomic<const char*> reason_ = nullptr;
    std::function<void()> interrupt_;
};

} // namespace ecc
