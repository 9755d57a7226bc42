#include "runtime-min/windows.h"

#include "support/result.h"

#include <algorithm>

namespace ecc {

namespace {

/// Records that one call hands over where the host looks at each: they stay in the processor's cache.
constexpr std::uint32_t span_limit = 128 * 1024;

/// Pages that are larger than the window's cannot be put anywhere in it.
bool pages_fit() {
    return ::sysconf(_SC_PAGESIZE) <= window_granularity;
}

/// What is not possible here is no error: the map is copied then.
std::optional<PlacedPages> try_to_place(Mapping& pages, const GuestMemory& memory, const WindowPlace& place,
                                        PlacedPages::Access access, WindowGuard& guard) {
    const auto target = memory.output(place.address, pages.bytes().size());
    if (!target || !pages_fit())
        return std::nullopt;
    auto placed = PlacedPages::put(pages, target->data(), access, guard);
    if (!placed)
        return std::nullopt;
    return *std::move(placed);
}

} // namespace

OrErrno<> check_window(const GuestMemory& memory, const WindowPlace& place, std::uint64_t needed) {
    const bool aligned = place.address % window_granularity == 0 && place.length % window_granularity == 0;
    if (!aligned || place.length == 0 || place.length > INT32_MAX || place.length < needed)
        return errno_error(EINVAL);
    ECC_CHECK(memory.output(place.address, place.length));
    return {};
}

OrErrno<RingWindow> RingWindow::open(WindowPlace place, const GuestMemory& memory, WindowGuard& guard,
                                     int map_fd, std::uint32_t size) {
    ECC_TRY(auto ring, RingBuffer::open(map_fd, size));
    RingWindow window(place, std::move(ring));
    window.placed_ = try_to_place(window.ring_.data(), memory, place, PlacedPages::Access::read, guard);
    if (window.placed_) {
        window.ring_.data_is_at(window.placed_->bytes().data());
        window.guest_walks_ = guests_may_walk_records();
    }
    return window;
}

OrErrno<std::int64_t> RingWindow::next_span(const GuestMemory& memory) {
    const auto span = guest_walks_ ? ring_.written() : ring_.committed(span_limit);
    if (span.bytes.empty())
        return 0;
    if (is_copy())
        ECC_CHECK(memory.copy_out(place_.address + span.offset, span.bytes));
    return std::int64_t{span.offset} << 32 | static_cast<std::int64_t>(span.bytes.size());
}

OrErrno<ArrayWindow> ArrayWindow::open(WindowPlace place, const GuestMemory& memory, WindowGuard& guard,
                                       int map_fd, std::uint32_t size, Access access) {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const auto rounded = (size + page - 1) / page * page;
    const int protection = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
    ArrayWindow window(place, access);
    ECC_TRY(window.pages_, Mapping::make(map_fd, rounded, protection, 0));
    window.placed_ = try_to_place(window.pages_, memory, place, access, guard);
    if (!window.placed_) {
        const auto data = window.pages_.bytes().first(size);
        window.shown_.assign(data.begin(), data.end());
        ECC_CHECK(memory.copy_out(place.address, window.shown_));
    }
    return window;
}

void ArrayWindow::write_back(ByteView window) {
    const auto pages = pages_.bytes();
    for (std::size_t i = 0; i < window.size(); ++i) {
        if (window[i] != shown_[i])
            pages[i] = window[i];
    }
}

OrErrno<> ArrayWindow::sync(const GuestMemory& memory) {
    if (!is_copy())
        return {};
    ECC_TRY(const auto window, memory.output(place_.address, shown_.size()));
    if (access_ == Access::write)
        write_back(window);
    std::ranges::copy(pages_.bytes().first(shown_.size()), shown_.begin());
    std::ranges::copy(shown_, window.begin());
    return {};
}

} // namespace ecc
