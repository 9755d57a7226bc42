// Pages mapped into the host, unmapped when their owner goes.
#pragma once

#include "runtime-min/errno_result.h"

#include <cstdint>
#include <span>
#include <sys/mman.h>
#include <utility>

namespace ecc {

class Mapping {
public:
    Mapping() = default;
    static OrErrno<Mapping> make(int fd, std::size_t size, int protection, off_t offset) {
        return owned(::mmap(nullptr, size, protection, MAP_SHARED, fd, offset), size);
    }
    /// Zeroed memory of our own.
    static OrErrno<Mapping> anonymous(std::size_t size) {
        return owned(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), size);
    }
    Mapping(Mapping&& other) noexcept
        : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(address_, other.address_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Mapping() {
        if (address_ != nullptr)
            ::munmap(address_, size_);
    }

    std::span<std::uint8_t> bytes() const { return {address_, size_}; }
    /// The pages, which now belong to the caller.
    std::span<std::uint8_t> release() { return {std::exchange(address_, nullptr), std::exchange(size_, 0)}; }

private:
    static OrErrno<Mapping> owned(void* address, std::size_t size) {
        if (address == MAP_FAILED)
            return errno_error(errno);
        return Mapping(static_cast<std::uint8_t*>(address), size);
    }
    Mapping(std::uint8_t* address, std::size_t size) : address_(address), size_(size) {}

    std::uint8_t* address_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace ecc
