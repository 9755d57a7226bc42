#include "runtime-min/windows.h"

#include "support/result.h"

#include <cstdlib>

namespace ecc {

namespace {

/// Records that one call hands over: enough to spread the cost of the call, and it stays in the processor's
/// cache.
constexpr std::uint32_t span_limit = 128 * 1024;

/// Puts `pages` in the place of those at `target`. Mapping to a fixed place at once would leave a hole if it
/// failed.
OrErrno<> move_over(Mapping pages, std::uint8_t* target) {
    const auto from = pages.release();
    if (::mremap(from.data(), from.size(), from.size(), MREMAP_MAYMOVE | MREMAP_FIXED, target) != MAP_FAILED)
        return {};
    const int error = errno;
    ::munmap(from.data(), from.size());
    return errno_error(error);
}

/// Without memory in this place the guest's next access would go to whatever the host maps there.
void restore_memory(std::span<std::uint8_t> place) {
    auto pages = Mapping::anonymous(place.size());
    if (!pages || !move_over(*std::move(pages), place.data()))
        std::abort();
}

} // namespace

OrErrno<> check_window(const GuestMemory& memory, const WindowPlace& place, std::uint64_t needed) {
    const bool aligned = place.address % window_granularity == 0 && place.length % window_granularity == 0;
    if (!aligned || place.length == 0 || place.length > INT32_MAX || place.length < needed)
        return errno_error(EINVAL);
    ECC_CHECK(memory.at(place.address, place.length));
    return {};
}

OrErrno<std::int64_t> RingWindow::refresh(const GuestMemory& memory) {
    const auto span = ring_.committed(span_limit);
    if (span.bytes.empty())
        return 0;
    ECC_CHECK(memory.copy_out(place_.address + span.offset, span.bytes));
    return std::int64_t{span.offset} << 32 | static_cast<std::int64_t>(span.bytes.size());
}

OrErrno<ArrayWindow> ArrayWindow::open(WindowPlace place, int map_fd, std::uint32_t size) {
    ECC_TRY(auto pages, Mapping::make(map_fd, size, PROT_READ, 0));
    return ArrayWindow(place, std::move(pages));
}

OrErrno<> ArrayWindow::refresh(const GuestMemory& memory) const {
    return memory.copy_out(place_.address, pages_.bytes());
}

OrErrno<PlacedArray> PlacedArray::open(WindowPlace place, const GuestMemory& memory, int map_fd,
                                       std::uint32_t size) {
    const auto page = static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
    if (page > window_granularity)
        return errno_error(EOPNOTSUPP);
    const auto rounded = (std::uint64_t{size} + page - 1) / page * page;
    ECC_TRY(const auto target, memory.at(place.address, rounded));
    ECC_TRY(auto pages, Mapping::make(map_fd, rounded, PROT_READ | PROT_WRITE, 0));
    if (const auto moved = move_over(std::move(pages), target.data()); !moved) {
        restore_memory(target);
        return std::unexpected(moved.error());
    }
    return PlacedArray(place, target);
}

PlacedArray::PlacedArray(PlacedArray&& other) noexcept
    : place_(other.place_), pages_(std::exchange(other.pages_, {})) {}

PlacedArray::~PlacedArray() {
    if (!pages_.empty())
        restore_memory(pages_);
}

} // namespace ecc
