#include "runtime-min/ring_buffer.h"

#include "packager/package/owned_btf.h"
#include "runtime-min/ring_records.h"
#include "support/result.h"

#include <algorithm>
#include <atomic>
#include <bpf/btf.h>
#include <cstdio>
#include <memory>
#include <string_view>
#include <sys/epoll.h>
#include <sys/utsname.h>

namespace ecc {

namespace {

/// Of records.
constexpr std::uint64_t alignment = 8;

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

/// In mainline since 6.10; others were mended later or not at all, which their BTF tells.
constexpr int first_major = 6, first_minor = 10;

bool is_mended_by_version() {
    utsname system{};
    int major = 0, minor = 0;
    if (::uname(&system) != 0 || std::sscanf(system.release, "%d.%d", &major, &minor) != 2)
        return false;
    return major > first_major || (major == first_major && minor >= first_minor);
}

bool has_pending_position(const btf* kernel) {
    const auto id = btf__find_by_name_kind(kernel, "bpf_ringbuf", BTF_KIND_STRUCT);
    const auto* type = id > 0 ? btf__type_by_id(kernel, static_cast<std::uint32_t>(id)) : nullptr;
    if (type == nullptr)
        return false;
    const std::span members(btf_members(type), btf_vlen(type));
    return std::ranges::any_of(members, [&](const btf_member& member) {
        return std::string_view(btf__name_by_offset(kernel, member.name_off)) == "pending_pos";
    });
}

bool is_mended_by_btf() {
    const OwnedBtf kernel(btf__load_vmlinux_btf());
    return kernel && has_pending_position(kernel.get());
}

} // namespace

bool guests_may_walk_records() {
#if defined(__x86_64__)
    return is_mended_by_version() || is_mended_by_btf();
#else
    return false;
#endif
}

RingBuffer::RingBuffer(Mapping consumer, Mapping producer, Mapping data, FileDescriptor epoll,
                       std::uint32_t size)
    : consumer_(std::move(consumer)), producer_(std::move(producer)), data_(std::move(data)),
      data_place_(data_.bytes().data()), epoll_(std::move(epoll)), size_(size) {}

OrErrno<RingBuffer> RingBuffer::open(int map_fd, std::uint32_t size) {
    const auto page = ::sysconf(_SC_PAGESIZE);
    const auto page_size = static_cast<std::size_t>(page);
    if (size == 0 || (size & (size - 1)) != 0 || size > 1u << 30)
        return errno_error(EINVAL);
    ECC_TRY(auto consumer, Mapping::make(map_fd, page_size, PROT_READ | PROT_WRITE, 0));
    ECC_TRY(auto producer, Mapping::make(map_fd, page_size, PROT_READ, page));
    ECC_TRY(auto data, Mapping::make(map_fd, 2 * std::size_t{size}, PROT_READ, 2 * page));
    ECC_TRY(auto epoll, edge_of(map_fd));
    return RingBuffer(std::move(consumer), std::move(producer), std::move(data), std::move(epoll), size);
}

std::uint64_t RingBuffer::consumer_position() const {
    return load_acquire<std::uint64_t>(consumer_.bytes().data());
}

std::uint64_t RingBuffer::producer_position() const {
    return load_acquire<std::uint64_t>(producer_.bytes().data());
}

std::uint32_t RingBuffer::header_at(std::uint64_t position) const {
    return load_acquire<std::uint32_t>(data_place_ + (position & (size_ - 1)));
}

std::uint64_t RingBuffer::end_of_written(std::uint64_t start) const {
    const auto end = producer_position();
    return start % alignment == 0 && end - start <= size_ ? end : start;
}

RingBuffer::Span RingBuffer::show(std::uint64_t start, std::uint64_t end, bool walked) {
    last_start_ = start;
    last_length_ = static_cast<std::uint32_t>(end - start);
    last_was_walked_ = walked;
    const auto offset = static_cast<std::uint32_t>(start & (size_ - 1));
    return {offset, {data_place_ + offset, last_length_}};
}

RingBuffer::Span RingBuffer::committed(std::uint32_t limit) {
    const auto start = consumer_position();
    const auto end = end_of_written(start);
    auto position = start;
    while (position < end) {
        const auto header = header_at(position);
        const auto next = position + ring_record_size(header);
        const bool past_limit = position > start && next - start > limit;
        if ((header & BPF_RINGBUF_BUSY_BIT) != 0 || next > end || past_limit)
            break;
        position = next;
    }
    return show(start, position, true);
}

RingBuffer::Span RingBuffer::written() {
    const auto start = consumer_position();
    return show(start, end_of_written(start), false);
}

RingBuffer::Count RingBuffer::count(std::uint32_t consumed) const {
    const auto end = last_start_ + std::min(consumed, last_length_);
    Count count;
    for (auto position = last_start_; position < end;) {
        const auto header = header_at(position);
        if ((header & BPF_RINGBUF_BUSY_BIT) != 0)
            break;
        if ((header & BPF_RINGBUF_DISCARD_BIT) == 0) {
            ++count.records;
            count.bytes += header & ring_length_mask;
        }
        position += ring_record_size(header);
    }
    return count;
}

bool RingBuffer::ready() const {
    const auto start = consumer_position();
    return start < end_of_written(start) && (header_at(start) & BPF_RINGBUF_BUSY_BIT) == 0;
}

bool RingBuffer::is_boundary(std::uint32_t consumed) const {
    std::uint32_t length = 0;
    while (length < consumed)
        length += ring_record_size(header_at(last_start_ + length));
    return length == consumed;
}

bool RingBuffer::release(std::uint32_t consumed) {
    if (consumed == 0)
        return true;
    if (consumed > last_length_ || consumed % alignment != 0)
        return false;
    if (last_was_walked_ && consumed != last_length_ && !is_boundary(consumed))
        return false;
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(consumer_.bytes().data()), last_start_ + consumed,
                     __ATOMIC_RELEASE);
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
