#include "runtime-min/perf_reader.h"

#include <linux/perf_event.h>

namespace ecc {

namespace {

/// Per CPU, as the existing runtimes have it.
constexpr std::size_t buffer_pages = 64;

struct RawSample {
    perf_event_header header;
    std::uint32_t size;
    std::uint8_t data[];
};

struct LostSamples {
    perf_event_header header;
    std::uint64_t id;
    std::uint64_t lost;
};

} // namespace

bpf_perf_event_ret PerfReader::on_event(void* context, int, perf_event_header* event) {
    auto& self = *static_cast<PerfReader*>(context);
    if (event->type == PERF_RECORD_LOST && event->size >= sizeof(LostSamples))
        self.lost_ += reinterpret_cast<const LostSamples*>(event)->lost;
    if (event->type != PERF_RECORD_SAMPLE || event->size < sizeof(RawSample))
        return LIBBPF_PERF_EVENT_CONT;
    const auto* sample = reinterpret_cast<const RawSample*>(event);
    const auto size = std::min<std::size_t>(sample->size, event->size - sizeof(RawSample));
    self.stopped_ = !(*self.on_sample_)({sample->data, size});
    // DONE would go on with the next CPU's buffer.
    return self.stopped_ ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

OrErrno<std::unique_ptr<PerfReader>> PerfReader::open(int map_fd) {
    std::unique_ptr<PerfReader> self(new PerfReader);
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_BPF_OUTPUT;
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.sample_type = PERF_SAMPLE_RAW;
    attributes.sample_period = 1;
    attributes.wakeup_events = 1;
    self->buffer_.reset(
        perf_buffer__new_raw(map_fd, buffer_pages, &attributes, on_event, self.get(), nullptr));
    if (!self->buffer_)
        return errno_error(errno);
    return self;
}

int PerfReader::wait_fd() const {
    return perf_buffer__epoll_fd(buffer_.get());
}

OrErrno<> PerfReader::consume(const OnSample& on_sample) {
    on_sample_ = &on_sample;
    stopped_ = false;
    const int error = perf_buffer__consume(buffer_.get());
    on_sample_ = nullptr;
    if (error < 0 && !stopped_)
        return errno_error(error);
    return {};
}

} // namespace ecc
