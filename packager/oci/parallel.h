// The same work on several items at once, for transfers that mostly wait for the network.
#pragma once

#include "support/result.h"

#include <cstddef>
#include <functional>

namespace ecc {

inline constexpr unsigned default_concurrency = 4;
inline constexpr unsigned max_concurrency = 64;

/// Calls `work` with 0 to `count` - 1 on up to `threads` threads. After an error no further item is begun;
/// the first error is returned.
Result<void> for_each_parallel(std::size_t count, unsigned threads,
                               const std::function<Result<void>(std::size_t)>& work);

} // namespace ecc
