#include "runtime-min/wasm_bpf_poll.h"

#include "runtime-min/ring_records.h"
#include "runtime-min/waiting.h"

#include <algorithm>

namespace ecc {

namespace {

constexpr std::uint32_t span_limit = 128 * 1024;

/// Gives events to the guest until it traps, refuses, or its memory cannot take one.
class Delivery {
public:
    Delivery(const GuestMemory& memory, const GuestCallback& callback, const EventRequest& request)
        : memory_(memory), callback_(callback), request_(request) {}

    /// False: no more.
    bool operator()(ByteView event) {
        const auto size = std::min<std::size_t>(event.size(), request_.max_size);
        if (const auto copied = memory_.copy_out(request_.data, event.first(size)); !copied)
            return stop(copied.error());
        auto answer =
            callback_.call(request_.store, {request_.context, static_cast<std::int32_t>(request_.data),
                                            static_cast<std::int32_t>(size)});
        if (!answer)
            return trapped(answer.err());
        ++count_;
        return answer.ok() >= 0 || stop(answer.ok());
    }

    bool over() const { return stopped_ || count_ > 0; }
    bool stopped() const { return stopped_; }
    wasmtime::Result<std::int32_t, wasmtime::Trap> outcome() {
        if (trap_)
            return std::move(*trap_);
        return stopped_ ? status_ : count_;
    }

private:
    bool stop(std::int32_t status) {
        stopped_ = true;
        status_ = status;
        return false;
    }
    bool trapped(wasmtime::TrapError error) {
        if (auto* trap = std::get_if<wasmtime::Trap>(&error.data))
            trap_ = std::move(*trap);
        else
            trap_ = wasmtime::Trap(error.message());
        return stop(0);
    }

    const GuestMemory& memory_;
    const GuestCallback& callback_;
    const EventRequest& request_;
    std::int32_t count_ = 0;
    std::int32_t status_ = 0;
    bool stopped_ = false;
    std::optional<wasmtime::Trap> trap_;
};

/// One buffer full at most, so that a busy producer cannot keep the guest here.
void deliver_ring(RingBuffer& ring, Delivery& delivery, RunStats& stats) {
    if (!ring.ready_or_arm())
        return;
    std::uint64_t delivered = 0;
    while (!delivery.stopped() && delivered < ring.size()) {
        const auto span = ring.committed(span_limit);
        if (span.bytes.empty())
            return;
        const auto consumed = for_each_record(span.bytes, [&](ByteView event) {
            stats.add(event.size(), 0);
            return delivery(event);
        });
        if (consumed == 0)
            return;
        ring.release(consumed);
        delivered += consumed;
    }
}

} // namespace

namespace {

OrErrno<GuestCallback> with_callback_type(wasmtime::Caller& caller, const wasmtime::Func& function) {
    auto typed =
        function.typed<std::tuple<std::int32_t, std::int32_t, std::int32_t>, std::int32_t>(caller.context());
    if (!typed)
        return errno_error(EINVAL);
    return typed.ok();
}

} // namespace

OrErrno<GuestCallback> callback_in_table(wasmtime::Caller& caller, std::uint32_t index) {
    const auto exported = caller.get_export("__indirect_function_table");
    const auto* table = exported ? std::get_if<wasmtime::Table>(&*exported) : nullptr;
    if (table == nullptr)
        return errno_error(EINVAL);
    const auto entry = table->get(caller.context(), index);
    if (!entry || entry->kind() != wasmtime::ValKind::FuncRef)
        return errno_error(EINVAL);
    const auto function = entry->funcref();
    if (!function)
        return errno_error(EINVAL);
    return with_callback_type(caller, *function);
}

OrErrno<GuestCallback> exported_callback(wasmtime::Caller& caller, std::string_view name) {
    const auto exported = caller.get_export(name);
    const auto* function = exported ? std::get_if<wasmtime::Func>(&*exported) : nullptr;
    if (function == nullptr)
        return errno_error(EINVAL);
    return with_callback_type(caller, *function);
}

OrErrno<EventBuffer> event_buffer(Session& session, MapEntry& entry) {
    if (const auto* ring = std::get_if<std::shared_ptr<RingBuffer>>(&entry.consumer))
        return *ring;
    if (const auto* perf = std::get_if<std::shared_ptr<PerfReader>>(&entry.consumer))
        return *perf;
    const int fd = bpf_map__fd(entry.map);
    if (bpf_map__type(entry.map) == BPF_MAP_TYPE_RINGBUF) {
        ECC_TRY(auto ring, RingBuffer::open(fd, bpf_map__max_entries(entry.map)));
        return entry.consumer.emplace<std::shared_ptr<RingBuffer>>(
            std::make_shared<RingBuffer>(std::move(ring)));
    }
    if (bpf_map__type(entry.map) != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
        return errno_error(EINVAL);
    ECC_TRY(auto perf, session.open_perf_reader(entry, PerfReader::default_pages));
    return perf;
}

wasmtime::Result<std::int32_t, wasmtime::Trap> poll_events(Session& session, const EventBuffer& buffer,
                                                           const GuestCallback& callback,
                                                           EventRequest& request) {
    Delivery delivery(session.memory, callback, request);
    OrErrno<> failure;
    const auto deliver_perf = [&](PerfReader& perf) {
        failure = perf.consume([&](const PerfReader::Sample& sample) {
            request.lost += sample.lost_before;
            session.stats.add(sample.data.size(), sample.lost_before);
            return delivery(sample.data);
        });
    };
    const auto look = [&] {
        if (const auto* ring = std::get_if<std::shared_ptr<RingBuffer>>(&buffer))
            deliver_ring(**ring, delivery, session.stats);
        else
            deliver_perf(*std::get<std::shared_ptr<PerfReader>>(buffer));
        return delivery.over() || !failure;
    };
    const int fd = std::visit([](const auto& events) { return events->wait_fd(); }, buffer);
    const pollfd polled{fd, POLLIN, 0};
    const auto woken = wait_until(session.signals, {&polled, 1}, request.timeout_ms, look);
    if (woken == Wake::signal)
        return -EINTR;
    if (!failure)
        return failure.error();
    return delivery.outcome();
}

} // namespace ecc
