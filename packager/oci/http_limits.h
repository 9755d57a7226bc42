// How long and how often `ecc` tries, and in what pieces it sends. The values are for every registry; tests
// take smaller ones.
#pragma once

#include "packager/oci/retry.h"

#include <cstdint>

namespace ecc {

/// Seconds after which a server that stopped moving is given up.
struct HttpTimes {
    long connect = 15;
    long stall = 60;  ///< without a kilobyte per second, while content is sent or a GET is answered
    long reply = 300; ///< for a whole reply that is kept in memory, and to what was sent
};

struct HttpLimits {
    HttpTimes times;
    RetryPolicy retry;
    /// Larger blobs are uploaded so that a broken transfer can go on; in parts of this size once a larger one
    /// failed.
    std::uint64_t chunk_size = 64u << 20;
};

} // namespace ecc
