// Reads a perf event array (BPF_MAP_TYPE_PERF_EVENT_ARRAY): one kernel buffer per CPU, samples and counts of
// lost ones.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/file_descriptor.h"
#include "support/bytes.h"

#include <bpf/libbpf.h>
#include <functional>
#include <map>
#include <memory>

namespace ecc {

class PerfReader {
public:
    /// For each CPU, as the runtimes of the older interface have it.
    static constexpr std::uint32_t default_pages = 64;

    struct Sample {
        std::uint32_t cpu = 0;
        std::uint64_t lost_before = 0; ///< of this CPU, since the last sample
        ByteView data;                 ///< good until the reading goes on
    };
    /// False ends the reading, and later samples stay for the next call.
    using OnSample = std::function<bool(const Sample&)>;

    /// `pages` of each CPU's buffer is a power of two.
    static OrErrno<std::unique_ptr<PerfReader>> open(int map_fd, std::uint32_t pages);
    /// Bytes of kernel memory that buffers of so many pages take, if every possible CPU gets one.
    static std::uint64_t memory(std::uint32_t pages);
    std::uint32_t pages() const { return pages_; }

    /// Readable when a sample was written since the last look; looking at it (poll, epoll) resets that, so
    /// ask `ready` before and after waiting.
    int wait_fd() const;
    bool ready() const;
    /// Hands over the samples that are there; which CPU is first changes from call to call. -EBUSY: within
    /// `on_sample`.
    OrErrno<> consume(const OnSample& on_sample);

private:
    PerfReader() = default;
    static bpf_perf_event_ret on_event(void* context, int cpu, perf_event_header* event);

    struct Free {
        void operator()(perf_buffer* buffer) const { perf_buffer__free(buffer); }
    };
    FileDescriptor map_; ///< libbpf needs it to the end, and the object may be closed before
    std::unique_ptr<perf_buffer, Free> buffer_;
    std::uint32_t pages_ = 0;
    std::size_t first_ = 0; ///< buffer to read first
    std::map<int, std::uint64_t> lost_;
    const OnSample* on_sample_ = nullptr; ///< while samples are handed over
    bool stopped_ = false;
};

} // namespace ecc
