#include "runtime-min/placed_pages.h"

namespace ecc {

namespace {

/// Without memory in this place the guest's next access would go to whatever the host maps there, so the
/// guest must not go on if that fails.
void restore_memory(std::span<std::uint8_t> place, WindowGuard& guard) {
    if (::mmap(place.data(), place.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
               -1, 0) == MAP_FAILED)
        guard.poison("no memory in the place of a window");
}

} // namespace

OrErrno<PlacedPages> PlacedPages::put(Mapping& pages, std::uint8_t* target, Access access,
                                      WindowGuard& guard) {
    const auto from = pages.bytes();
    const std::span to(target, from.size());
    if (access == Access::read && !guard.add(to))
        return errno_error(EOPNOTSUPP);
    // Mapping to a fixed place at once would leave a hole if it failed, and so may moving.
    if (::mremap(from.data(), from.size(), from.size(), MREMAP_MAYMOVE | MREMAP_FIXED, target) ==
        MAP_FAILED) {
        const int error = errno;
        guard.remove(to);
        restore_memory(to, guard);
        return errno_error(error);
    }
    pages.release();
    return PlacedPages(to, access, guard);
}

PlacedPages::~PlacedPages() {
    if (pages_.empty())
        return;
    restore_memory(pages_, *guard_);
    if (access_ == Access::read)
        guard_->remove(pages_);
}

} // namespace ecc
