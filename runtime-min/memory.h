// Checked views of a guest's linear memory. In: an address and a length that a guest chose. Out: a span of
// host memory, or -EFAULT. Nothing is kept between calls: the guest may have grown its memory.
//
// A guest may change its memory whenever it runs, and the kernel the pages of a writable window at any time,
// so every input is copied once and the copy is what gets checked.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/window_guard.h"
#include "support/bytes.h"

#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <type_traits>

namespace ecc {

/// The longest name or path that a guest may pass.
inline constexpr std::uint32_t guest_text_limit = 4096;

class GuestMemory {
public:
    /// Where the linear memory is right now; empty if the guest has none.
    using Source = std::function<std::span<std::uint8_t>()>;

    /// `guard` knows the windows that may only be read; null: there are none.
    explicit GuestMemory(Source source, const WindowGuard* guard = nullptr)
        : source_(std::move(source)), guard_(guard) {}

    /// `length` bytes at `address` to read from, good until the guest runs again.
    OrErrno<ByteView> input(std::uint32_t address, std::uint64_t length) const;
    /// The same to write to: not where a window shows what may only be read.
    OrErrno<std::span<std::uint8_t>> output(std::uint32_t address, std::uint64_t length) const;

    OrErrno<Bytes> copy_in(std::uint32_t address, std::uint32_t length) const;
    OrErrno<> copy_out(std::uint32_t address, ByteView bytes) const;

    /// A name: at most guest_text_limit bytes (-ENAMETOOLONG), without NUL (-EINVAL).
    OrErrno<std::string> text(std::uint32_t address, std::uint32_t length) const;
    /// The same, ended by NUL.
    OrErrno<std::string> c_string(std::uint32_t address) const;

    /// A structure that starts with its size, of this or another version of the interface: what the guest
    /// leaves out is zero, what it adds must be zero (-E2BIG). `address` 0 is all zero.
    template <class T> OrErrno<T> options(std::uint32_t address) const {
        static_assert(std::is_trivially_copyable_v<T> && offsetof(T, size) == 0);
        T value{};
        if (address == 0)
            return value;
        if (auto copied = copy_versioned(address, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
            !copied)
            return std::unexpected(copied.error());
        value.size = sizeof value;
        return value;
    }

    /// Fills a structure that starts with its size, as far as the guest's version of it goes.
    template <class T> OrErrno<> fill(std::uint32_t address, T value) const {
        static_assert(std::is_trivially_copyable_v<T> && offsetof(T, size) == 0);
        return fill_versioned(address, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
    }

private:
    OrErrno<std::span<std::uint8_t>> at(std::uint32_t address, std::uint64_t length) const;
    OrErrno<std::uint32_t> stated_size(std::uint32_t address) const;
    OrErrno<> copy_versioned(std::uint32_t address, std::span<std::uint8_t> known) const;
    OrErrno<> fill_versioned(std::uint32_t address, ByteView known) const;

    Source source_;
    const WindowGuard* guard_;
};

} // namespace ecc
