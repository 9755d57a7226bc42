#include "runtime-min/ring_buffer.h"

#include "runtime-min/ring_records.h"
#include "support/result.h"

#include <atomic>
#include <sys/epoll.h>

namespace ecc {

namespace {

template <class T> T load_acquire(const std::uint8_t* address) {
    return __atomic_load_n(reinterpret_cast<const T*>(address), __ATOMIC_ACQUIRE);
}

/// Edge-triggered: as long as the first record is still being written, the map itself counts as readable, and
/// waiting for it would be spinning.
OrErrno<FileDescriptor> edge_of(int map_fd) {
    FileDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
    if (!epoll || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, map_fd, &event) != 0)
        return errno_error(errno);
    return epoll;
}

} // namespace

RingBuffer::RingBuffer(Mapping consumer, Mapping producer, FileDescriptor epoll, std::uint32_t size)
    : consumer_(std::move(consumer)), producer_(std::move(producer)), epoll_(std::move(epoll)), size_(size) {}

OrErrno<RingBuffer> RingBuffer::open(int map_fd, std::uint32_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (size == 0 || (size & (size - 1)) != 0 || size > 1u << 30)
        return errno_error(EINVAL);
    ECC_TRY(auto consumer, Mapping::make(map_fd, page, PROT_READ | PROT_WRITE, 0));
    ECC_TRY(auto producer,
            Mapping::make(map_fd, page + 2 * std::size_t{size}, PROT_READ, static_cast<off_t>(page)));
    ECC_TRY(auto epoll, edge_of(map_fd));
    return RingBuffer(std::move(consumer), std::move(producer), std::move(epoll), size);
}

std::uint64_t RingBuffer::consumer_position() const {
    return load_acquire<std::uint64_t>(consumer_.bytes().data());
}

std::uint64_t RingBuffer::producer_position() const {
    return load_acquire<std::uint64_t>(producer_.bytes().data());
}

std::uint32_t RingBuffer::header_at(std::uint64_t position) const {
    const auto page = producer_.bytes().size() - 2 * std::size_t{size_};
    return load_acquire<std::uint32_t>(producer_.bytes().data() + page + (position & (size_ - 1)));
}

RingBuffer::Span RingBuffer::committed(std::uint32_t limit) {
    const auto start = consumer_position();
    const auto end = producer_position();
    auto position = start;
    while (position < end) {
        const auto header = header_at(position);
        const auto next = position + ring_record_size(header);
        const bool past_limit = position > start && next - start > limit;
        if ((header & BPF_RINGBUF_BUSY_BIT) != 0 || next > end || past_limit)
            break;
        position = next;
    }
    last_length_ = static_cast<std::uint32_t>(position - start);
    const auto offset = static_cast<std::uint32_t>(start & (size_ - 1));
    const auto page = producer_.bytes().size() - 2 * std::size_t{size_};
    return {offset, producer_.bytes().subspan(page + offset, last_length_)};
}

bool RingBuffer::ready() const {
    const auto start = consumer_position();
    return start < producer_position() && (header_at(start) & BPF_RINGBUF_BUSY_BIT) == 0;
}

bool RingBuffer::is_boundary(std::uint32_t consumed) const {
    const auto start = consumer_position();
    std::uint32_t length = 0;
    while (length < consumed)
        length += ring_record_size(header_at(start + length));
    return length == consumed;
}

bool RingBuffer::release(std::uint32_t consumed) {
    if (consumed == 0)
        return true;
    if (consumed > last_length_ || (consumed != last_length_ && !is_boundary(consumed)))
        return false;
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(consumer_.bytes().data()),
                     consumer_position() + consumed, __ATOMIC_RELEASE);
    // A producer that commits after this sees the new position and wakes us; one that committed before it is
    // seen by the next look at its header. Without the fence neither need happen.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    last_length_ = 0;
    return true;
}

bool RingBuffer::ready_or_arm() const {
    if (ready())
        return true;
    // The kernel tells of a record once: forget what it told before looking again.
    epoll_event event;
    ::epoll_wait(epoll_.get(), &event, 1, 0);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return ready();
}

} // namespace ecc
