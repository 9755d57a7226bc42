#include "runtime-min/memory.h"

#include "support/result.h"

#include <algorithm>

namespace ecc {

namespace {

/// No version of any structure of the interface is longer.
constexpr std::uint32_t structure_limit = 4096;

} // namespace

OrErrno<std::span<std::uint8_t>> GuestMemory::at(std::uint32_t address, std::uint64_t length) const {
    const auto memory = source_();
    if (length > memory.size() || address > memory.size() - length)
        return errno_error(EFAULT);
    return memory.subspan(address, length);
}

OrErrno<ByteView> GuestMemory::input(std::uint32_t address, std::uint64_t length) const {
    return at(address, length);
}

OrErrno<std::span<std::uint8_t>> GuestMemory::output(std::uint32_t address, std::uint64_t length) const {
    auto bytes = at(address, length);
    if (bytes && guard_ != nullptr && guard_->covers(*bytes))
        return errno_error(EFAULT);
    return bytes;
}

OrErrno<Bytes> GuestMemory::copy_in(std::uint32_t address, std::uint32_t length) const {
    ECC_TRY(const auto bytes, at(address, length));
    return Bytes(bytes.begin(), bytes.end());
}

OrErrno<> GuestMemory::copy_out(std::uint32_t address, ByteView bytes) const {
    ECC_TRY(const auto target, output(address, bytes.size()));
    std::ranges::copy(bytes, target.begin());
    return {};
}

OrErrno<std::string> GuestMemory::text(std::uint32_t address, std::uint32_t length) const {
    if (length > guest_text_limit)
        return errno_error(ENAMETOOLONG);
    ECC_TRY(const auto bytes, at(address, length));
    std::string text(as_text(bytes));
    if (text.find('\0') != std::string::npos)
        return errno_error(EINVAL);
    return text;
}

OrErrno<std::string> GuestMemory::c_string(std::uint32_t address) const {
    const auto memory = source_();
    if (address >= memory.size())
        return errno_error(EFAULT);
    const auto reachable =
        memory.subspan(address, std::min<std::size_t>(memory.size() - address, guest_text_limit));
    const auto end = std::ranges::find(reachable, 0);
    if (end == reachable.end())
        return errno_error(reachable.size() < guest_text_limit ? EFAULT : ENAMETOOLONG);
    return std::string(reachable.begin(), end);
}

OrErrno<std::uint32_t> GuestMemory::stated_size(std::uint32_t address) const {
    std::uint32_t size = 0;
    ECC_TRY(const auto bytes, at(address, sizeof size));
    std::memcpy(&size, bytes.data(), sizeof size);
    if (size < sizeof size)
        return errno_error(EINVAL);
    if (size > structure_limit)
        return errno_error(E2BIG);
    return size;
}

OrErrno<> GuestMemory::copy_versioned(std::uint32_t address, std::span<std::uint8_t> known) const {
    ECC_TRY(const auto size, stated_size(address));
    ECC_TRY(const auto bytes, copy_in(address, size));
    const auto common = std::min<std::size_t>(size, known.size());
    if (std::any_of(bytes.begin() + common, bytes.end(), [](std::uint8_t byte) { return byte != 0; }))
        return errno_error(E2BIG);
    std::copy_n(bytes.begin(), common, known.begin());
    return {};
}

OrErrno<> GuestMemory::fill_versioned(std::uint32_t address, ByteView known) const {
    ECC_TRY(const auto size, stated_size(address));
    Bytes bytes(size);
    std::copy_n(known.begin(), std::min<std::size_t>(size, known.size()), bytes.begin());
    // The guest's own idea of the size stays: it says which members are there.
    std::memcpy(bytes.data(), &size, sizeof size);
    return copy_out(address, bytes);
}

} // namespace ecc
