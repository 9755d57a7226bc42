#include "packager/oci/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace ecc {

Result<void> for_each_parallel(std::size_t count, unsigned threads,
                               const std::function<Result<void>(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::optional<Error> first;
    auto worker = [&] {
        for (std::size_t i; !stop && (i = next++) < count;)
            if (auto done = work(i); !done) {
                std::lock_guard lock(mutex);
                first = first ? first : done.error();
                stop = true;
            }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); i++)
            others.emplace_back(worker);
        worker();
    }
    if (first)
        return std::unexpected(std::move(*first));
    return {};
}

} // namespace ecc
