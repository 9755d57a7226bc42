#include "runtime-min/perf_reader.h"

#include <algorithm>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <unistd.h>
#include <utility>

namespace ecc {

namespace {

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

bool has_data(const void* buffer) {
    const auto* page = static_cast<const perf_event_mmap_page*>(buffer);
    return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE) != page->data_tail;
}

} // namespace

bpf_perf_event_ret PerfReader::on_event(void* context, int cpu, perf_event_header* event) {
    auto& self = *static_cast<PerfReader*>(context);
    if (event->type == PERF_RECORD_LOST && event->size >= sizeof(LostSamples))
        self.lost_[cpu] += reinterpret_cast<const LostSamples*>(event)->lost;
    if (event->type != PERF_RECORD_SAMPLE || event->size < sizeof(RawSample))
        return LIBBPF_PERF_EVENT_CONT;
    const auto* sample = reinterpret_cast<const RawSample*>(event);
    const auto size = std::min<std::size_t>(sample->size, event->size - sizeof(RawSample));
    const auto lost = std::exchange(self.lost_[cpu], 0);
    self.stopped_ = !(*self.on_sample_)({static_cast<std::uint32_t>(cpu), lost, {sample->data, size}});
    return self.stopped_ ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

OrErrno<std::unique_ptr<PerfReader>> PerfReader::open(int map_fd, std::uint32_t pages) {
    std::unique_ptr<PerfReader> self(new PerfReader);
    self->pages_ = pages;
    self->map_ = FileDescriptor(::fcntl(map_fd, F_DUPFD_CLOEXEC, 0));
    if (!self->map_)
        return errno_error(errno);
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_BPF_OUTPUT;
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.sample_type = PERF_SAMPLE_RAW;
    attributes.sample_period = 1;
    attributes.wakeup_events = 1;
    self->buffer_.reset(
        perf_buffer__new_raw(self->map_.get(), pages, &attributes, on_event, self.get(), nullptr));
    if (!self->buffer_)
        return errno_error(errno);
    return self;
}

std::uint64_t PerfReader::memory(std::uint32_t pages) {
    const auto cpus = static_cast<std::uint64_t>(std::max(libbpf_num_possible_cpus(), 1));
    // A page before the data has the positions.
    return (pages + std::uint64_t{1}) * static_cast<std::uint64_t>(::getpagesize()) * cpus;
}

int PerfReader::wait_fd() const {
    return perf_buffer__epoll_fd(buffer_.get());
}

bool PerfReader::ready() const {
    const auto count = perf_buffer__buffer_cnt(buffer_.get());
    for (std::size_t i = 0; i < count; ++i) {
        void* buffer = nullptr;
        std::size_t size = 0;
        if (perf_buffer__buffer(buffer_.get(), static_cast<int>(i), &buffer, &size) == 0 && has_data(buffer))
            return true;
    }
    return false;
}

OrErrno<> PerfReader::consume(const OnSample& on_sample) {
    if (on_sample_ != nullptr)
        return errno_error(EBUSY);
    const auto count = perf_buffer__buffer_cnt(buffer_.get());
    on_sample_ = &on_sample;
    stopped_ = false;
    int error = 0;
    for (std::size_t i = 0; i < count && error >= 0 && !stopped_; ++i) {
        error = perf_buffer__consume_buffer(buffer_.get(), (first_ + i) % count);
        // A CPU that is not there has no buffer.
        error = error == -ENOENT ? 0 : error;
    }
    first_ = (first_ + 1) % std::max<std::size_t>(count, 1);
    on_sample_ = nullptr;
    if (error < 0 && !stopped_)
        return errno_error(error);
    return {};
}

} // namespace ecc
