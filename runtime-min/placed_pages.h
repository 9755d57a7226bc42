// A map's own pages in the guest's linear memory, which never moves while they are there.
#pragma once

#include "runtime-min/mapping.h"
#include "runtime-min/window_guard.h"
#include "support/bytes.h"

namespace ecc {

class PlacedPages {
public:
    enum class Access { read, write };

    /// Moves `pages` to `target`, a place for as many bytes. After an error there is zeroed memory in their
    /// place and `pages` are where they were, so that they can be copied from. -EOPNOTSUPP: no more windows
    /// can be watched.
    static OrErrno<PlacedPages> put(Mapping& pages, std::uint8_t* target, Access access, WindowGuard& guard);

    PlacedPages(PlacedPages&& other) noexcept
        : pages_(std::exchange(other.pages_, {})), access_(other.access_), guard_(other.guard_) {}
    PlacedPages& operator=(PlacedPages&& other) noexcept {
        std::swap(pages_, other.pages_);
        std::swap(access_, other.access_);
        std::swap(guard_, other.guard_);
        return *this;
    }
    /// Leaves zeroed memory.
    ~PlacedPages();

    ByteView bytes() const { return pages_; }

private:
    PlacedPages(std::span<std::uint8_t> pages, Access access, WindowGuard& guard)
        : pages_(pages), access_(access), guard_(&guard) {}

    std::span<std::uint8_t> pages_;
    Access access_;
    WindowGuard* guard_;
};

} // namespace ecc
