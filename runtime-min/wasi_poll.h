// `poll_oneoff` of WASI preview 1 (wasi_snapshot_preview1.witx): what sleeping and polling in a guest become.
#pragma once

#include "runtime-min/memory.h"
#include "runtime-min/signals.h"

#include <optional>

namespace ecc {

// WASI's own errno numbers.
inline constexpr std::int32_t wasi_success = 0;
inline constexpr std::int32_t wasi_badf = 8;
inline constexpr std::int32_t wasi_fault = 21;
inline constexpr std::int32_t wasi_intr = 27;
inline constexpr std::int32_t wasi_inval = 28;
inline constexpr std::int32_t wasi_io = 29;
inline constexpr std::int32_t wasi_nospc = 51;
inline constexpr std::int32_t wasi_pipe = 64;

/// Nanoseconds of WASI's clock 0 (realtime) or 1 (monotonic); nothing for any other.
std::optional<std::uint64_t> wasi_clock_now(std::uint32_t clock);

/// Returns a WASI errno; wasi_intr when a signal came. Descriptors from 3 on are files, and always ready.
std::int32_t wasi_poll_oneoff(const GuestMemory& memory, const Signals& signals, std::uint32_t in,
                              std::uint32_t out, std::uint32_t count, std::uint32_t event_count);

} // namespace ecc
