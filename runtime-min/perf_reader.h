// Reads a perf event array (BPF_MAP_TYPE_PERF_EVENT_ARRAY): one kernel buffer per CPU, samples and counts of
// lost ones.
#pragma once

#include "runtime-min/errno_result.h"
#include "support/bytes.h"

#include <bpf/libbpf.h>
#include <functional>
#include <memory>

namespace ecc {

class PerfReader {
public:
    /// A sample; false ends the reading, and later samples stay for the next call.
    using OnSample = std::function<bool(ByteView)>;

    static OrErrno<std::unique_ptr<PerfReader>> open(int map_fd);

    /// Readable when a sample was written since the last look; looking at it (poll, epoll) resets that, so
    /// consume before and after waiting.
    int wait_fd() const;
    /// Hands over every sample that is there.
    OrErrno<> consume(const OnSample& on_sample);
    std::uint64_t lost() const { return lost_; }

private:
    PerfReader() = default;
    static bpf_perf_event_ret on_event(void* context, int cpu, perf_event_header* event);

    struct Free {
        void operator()(perf_buffer* buffer) const { perf_buffer__free(buffer); }
    };
    std::unique_ptr<perf_buffer, Free> buffer_;
    const OnSample* on_sample_ = nullptr;
    bool stopped_ = false;
    std::uint64_t lost_ = 0;
};

} // namespace ecc
