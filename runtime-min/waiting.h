// Waiting for something to happen, for a time limit, or for a signal, whichever is first.
#pragma once

#include "runtime-min/signals.h"

#include <functional>
#include <poll.h>
#include <span>

namespace ecc {

enum class Wake { ready, timeout, signal };

/// Asks `ready` first and after every event on `fds`. A signal that nobody took counts before anything else.
/// `timeout_ms` -1: no limit, 0: only look.
Wake wait_until(const Signals& signals, std::span<const pollfd> fds, std::int64_t timeout_ms,
                const std::function<bool()>& ready);

} // namespace ecc
