#include "runtime-min/user_ring.h"

#include "guest/c/include/ecc/host.h"

#include <algorithm>
#include <sys/epoll.h>

namespace ecc {

namespace {

/// DYNPTR_MAX_SIZE (include/linux/bpf.h). The kernel refuses a longer sample when it comes to it, and then
/// does not get past it.
constexpr std::uint32_t largest_sample = (1u << 24) - 1;

} // namespace

OrErrno<std::unique_ptr<UserRing>> UserRing::open(int map_fd) {
    std::unique_ptr<UserRing> self(new UserRing);
    self->ring_.reset(user_ring_buffer__new(map_fd, nullptr));
    if (!self->ring_)
        return errno_error(errno);
    self->drained_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    // Edge-triggered: the map is ready as long as it is not full to the last byte, with room for the sample
    // or not.
    epoll_event event{.events = EPOLLOUT | EPOLLET, .data = {}};
    if (self->drained_.get() < 0 || ::epoll_ctl(self->drained_.get(), EPOLL_CTL_ADD, map_fd, &event) != 0)
        return errno_error(errno);
    return self;
}

UserRing::~UserRing() {
    for (const auto& [slot, sample] : reserved_)
        user_ring_buffer__discard(ring_.get(), sample.place);
}

std::int32_t UserRing::next_slot() {
    do
        last_slot_ = last_slot_ == INT32_MAX ? 0 : last_slot_ + 1;
    while (reserved_.contains(last_slot_));
    return last_slot_;
}

OrErrno<std::int32_t> UserRing::reserve(std::uint32_t size) {
    if (size > largest_sample)
        return errno_error(E2BIG);
    if (reserved_.size() >= ECC_USER_RINGBUF_SLOTS)
        return errno_error(ENOSPC);
    void* place = user_ring_buffer__reserve(ring_.get(), size);
    if (place == nullptr)
        return errno_error(errno);
    const auto slot = next_slot();
    reserved_[slot] = {place, size};
    return slot;
}

OrErrno<> UserRing::submit(std::int32_t slot, ByteView sample) {
    const auto found = reserved_.find(slot);
    if (found == reserved_.end())
        return errno_error(ENOENT);
    const auto [place, size] = found->second;
    if (sample.size() != size)
        return errno_error(EINVAL);
    std::ranges::copy(sample, static_cast<std::uint8_t*>(place));
    user_ring_buffer__submit(ring_.get(), place);
    reserved_.erase(found);
    return {};
}

OrErrno<> UserRing::discard(std::int32_t slot) {
    const auto found = reserved_.find(slot);
    if (found == reserved_.end())
        return errno_error(ENOENT);
    user_ring_buffer__discard(ring_.get(), found->second.place);
    reserved_.erase(found);
    return {};
}

void UserRing::forget_drained() {
    epoll_event event{};
    ::epoll_wait(drained_.get(), &event, 1, 0);
}

} // namespace ecc
