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
        void* address = ::mmap(nullptr, size, protection, MAP_SHARED, fd, offset);
        if (address == MAP_FAILED)
            return errno_error(errno);
        return Mapping(static_cast<std::uint8_t*>(address), size);
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

private:
    Mapping(std::uint8_t* address, std::size_t size) : address_(address), size_(size) {}

    std::uint8_t* address_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace ecc
