#include "runtime-min/windows.h"

#include "support/result.h"

#include <algorithm>

namespace ecc {

namespace {

/// Records that one call hands over: enough to spread the cost of the call, and it stays in the processor's
/// cache.
constexpr std::uint32_t span_limit = 128 * 1024;

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

OrErrno<ArrayWindow> ArrayWindow::open(WindowPlace place, int map_fd, std::uint32_t size, bool writable) {
    ECC_TRY(auto pages, Mapping::make(map_fd, size, PROT_READ | (writable ? PROT_WRITE : 0), 0));
    return ArrayWindow(place, std::move(pages), size, writable);
}

void ArrayWindow::write_back(ByteView window) {
    const auto pages = pages_.bytes();
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        if (window[i] != shown_[i])
            pages[i] = window[i];
    }
}

OrErrno<> ArrayWindow::sync(const GuestMemory& memory) {
    ECC_TRY(const auto window, memory.at(place_.address, shown_.size()));
    if (writable_ && synced_)
        write_back(window);
    std::ranges::copy(pages_.bytes(), shown_.begin());
    std::ranges::copy(shown_, window.begin());
    synced_ = true;
    return {};
}

} // namespace ecc
