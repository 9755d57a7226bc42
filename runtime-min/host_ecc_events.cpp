// Events, waiting and signals of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include "runtime-min/waiting.h"

#include <algorithm>
#include <bit>
#include <unistd.h>

namespace ecc {

namespace {

constexpr std::uint32_t wait_item_limit = 256;
/// Of kernel memory, for each CPU.
constexpr std::uint32_t perf_page_limit = 4096;

bool stdin_ready() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) > 0;
}

/// Samples, framed for the guest, in its memory.
class PerfRecords {
public:
    explicit PerfRecords(std::span<std::uint8_t> place) : place_(place) {}

    /// False: the next sample might not fit.
    bool add(const PerfReader::Sample& sample) {
        const ecc_perf_record header{static_cast<std::uint32_t>(sample.data.size()), sample.cpu,
                                     sample.lost_before};
        std::memcpy(place_.data() + length_, &header, sizeof header);
        std::ranges::copy(sample.data, place_.begin() + length_ + sizeof header);
        length_ += (sizeof header + sample.data.size() + 7) & ~std::size_t{7};
        return place_.size() - length_ >= ECC_PERFBUF_LENGTH_MIN;
    }
    std::size_t length() const { return length_; }

private:
    std::span<std::uint8_t> place_;
    std::size_t length_ = 0;
};

/// What one item of a wait looks at.
struct WaitSource {
    pollfd fd;
    std::function<bool()> ready;
};

OrErrno<WaitSource> wait_source(Session& session, const ecc_wait_item& item) {
    if (item.kind == ECC_WAIT_STDIN)
        return WaitSource{{STDIN_FILENO, POLLIN, 0}, stdin_ready};
    if (item.kind != ECC_WAIT_RINGBUF && item.kind != ECC_WAIT_PERFBUF)
        return errno_error(EINVAL);
    ECC_TRY(const auto* entry, session.handles.get<MapEntry>(item.handle));
    if (const auto* window = std::get_if<RingWindow>(&entry->consumer);
        window && item.kind == ECC_WAIT_RINGBUF)
        return WaitSource{{window->ring().wait_fd(), POLLIN, 0},
                          [&ring = window->ring()] { return ring.ready_or_arm(); }};
    const auto* perf = std::get_if<std::shared_ptr<PerfReader>>(&entry->consumer);
    if (perf != nullptr && item.kind == ECC_WAIT_PERFBUF)
        return WaitSource{{(*perf)->wait_fd(), POLLIN, 0},
                          [reader = perf->get()] { return reader->ready(); }};
    return errno_error(EINVAL);
}

} // namespace

OrErrno<std::int64_t> EccHost::ringbuf_acquire(ecc_handle_t handle, std::uint32_t consumed,
                                               std::int32_t timeout_ms) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    auto* window = std::get_if<RingWindow>(&entry->consumer);
    if (window == nullptr)
        return errno_error(EINVAL);
    auto& ring = window->ring();
    session_.count(ring, consumed);
    if (!ring.release(consumed)) {
        trap_ = "ringbuf_acquire: `consumed` is not the end of a record of the last span";
        return errno_error(EINVAL);
    }
    const pollfd ring_fd{ring.wait_fd(), POLLIN, 0};
    const auto look = [&] { return timeout_ms == 0 ? ring.ready() : ring.ready_or_arm(); };
    switch (wait_until(session_.signals, {&ring_fd, 1}, timeout_ms, look)) {
    case Wake::timeout:
        return 0;
    case Wake::signal:
        return errno_error(EINTR);
    case Wake::ready:
        break;
    }
    return window->next_span(session_.memory);
}

EccHost::Status EccHost::perfbuf_open(ecc_handle_t handle, std::uint32_t pages) {
    ECC_TRY(auto* entry, loaded_map(handle));
    if (bpf_map__type(entry->map) != BPF_MAP_TYPE_PERF_EVENT_ARRAY || !std::has_single_bit(pages))
        return errno_error(EINVAL);
    if (pages > perf_page_limit)
        return errno_error(E2BIG);
    if (!std::holds_alternative<std::monostate>(entry->consumer))
        return errno_error(EBUSY);
    ECC_CHECK(session_.open_perf_reader(*entry, pages));
    return 0;
}

OrErrno<std::shared_ptr<PerfReader>> EccHost::perf_reader(ecc_handle_t handle) {
    ECC_TRY(const auto* entry, session_.handles.get<MapEntry>(handle));
    const auto* reader = std::get_if<std::shared_ptr<PerfReader>>(&entry->consumer);
    if (reader == nullptr)
        return errno_error(EINVAL);
    return *reader;
}

EccHost::Status EccHost::perfbuf_acquire(ecc_handle_t handle, Address records, std::uint32_t length,
                                         std::int32_t timeout_ms) {
    ECC_TRY(const auto reader, perf_reader(handle));
    if (length < ECC_PERFBUF_LENGTH_MIN || length > INT32_MAX)
        return errno_error(EINVAL);
    ECC_TRY(const auto place, session_.memory.output(records, length));
    const pollfd polled{reader->wait_fd(), POLLIN, 0};
    switch (wait_until(session_.signals, {&polled, 1}, timeout_ms, [&] { return reader->ready(); })) {
    case Wake::timeout:
        return 0;
    case Wake::signal:
        return errno_error(EINTR);
    case Wake::ready:
        break;
    }
    PerfRecords framed(place);
    ECC_CHECK(reader->consume([&](const PerfReader::Sample& sample) {
        session_.stats.add(sample.data.size(), sample.lost_before);
        return framed.add(sample);
    }));
    return static_cast<std::int32_t>(framed.length());
}

EccHost::Status EccHost::perfbuf_close(ecc_handle_t handle) {
    ECC_CHECK(perf_reader(handle));
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    entry->consumer = std::monostate{};
    return 0;
}

OrErrno<UserRing*> EccHost::user_ring(ecc_handle_t handle) {
    ECC_TRY(auto* entry, loaded_map(handle));
    if (bpf_map__type(entry->map) != BPF_MAP_TYPE_USER_RINGBUF)
        return errno_error(EINVAL);
    if (const auto* open = std::get_if<std::unique_ptr<UserRing>>(&entry->consumer))
        return open->get();
    ECC_TRY(auto ring, UserRing::open(bpf_map__fd(entry->map)));
    return entry->consumer.emplace<std::unique_ptr<UserRing>>(std::move(ring)).get();
}

EccHost::Status EccHost::user_ringbuf_reserve(ecc_handle_t handle, std::uint32_t size,
                                              std::int32_t timeout_ms) {
    ECC_TRY(auto* ring, user_ring(handle));
    auto slot = ring->reserve(size);
    const auto waits = [&] { return !slot && slot.error() == -ENOSPC; };
    if (!waits() || timeout_ms == 0)
        return slot;
    const pollfd drained{ring->drained_fd(), POLLIN, 0};
    const auto look = [&] {
        ring->forget_drained();
        slot = ring->reserve(size);
        return !waits();
    };
    if (wait_until(session_.signals, {&drained, 1}, timeout_ms, look) == Wake::signal)
        return errno_error(EINTR);
    return slot;
}

EccHost::Status EccHost::user_ringbuf_submit(ecc_handle_t handle, std::int32_t slot, Address sample,
                                             std::uint32_t length) {
    ECC_TRY(auto* ring, user_ring(handle));
    ECC_TRY(const auto bytes, session_.memory.input(sample, length));
    ECC_CHECK(ring->submit(slot, bytes));
    return 0;
}

EccHost::Status EccHost::user_ringbuf_discard(ecc_handle_t handle, std::int32_t slot) {
    ECC_TRY(auto* ring, user_ring(handle));
    ECC_CHECK(ring->discard(slot));
    return 0;
}

EccHost::Status EccHost::wait(Address address, std::uint32_t count, std::int32_t timeout_ms) {
    if (count > wait_item_limit)
        return errno_error(E2BIG);
    std::vector<ecc_wait_item> items(count);
    const auto size = count * sizeof(ecc_wait_item);
    ECC_TRY(const auto bytes, session_.memory.output(address, size));
    std::ranges::copy(bytes, reinterpret_cast<std::uint8_t*>(items.data()));

    std::vector<pollfd> fds;
    std::vector<std::function<bool()>> checks;
    for (const auto& item : items) {
        ECC_TRY(auto source, wait_source(session_, item));
        fds.push_back(source.fd);
        checks.push_back(std::move(source.ready));
    }
    std::int32_t ready = 0;
    const auto look = [&] {
        ready = 0;
        for (std::size_t i = 0; i < items.size(); ++i)
            ready += static_cast<std::int32_t>(items[i].ready = checks[i]());
        return ready > 0;
    };
    const auto woken = wait_until(session_.signals, fds, timeout_ms, look);
    if (woken == Wake::signal)
        return errno_error(EINTR);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(items.data()), size, bytes.begin());
    return ready;
}

EccHost::Status EccHost::signal_take() {
    return session_.signals.take();
}

} // namespace ecc
