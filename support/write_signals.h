// Signals by which the kernel ends a program whose write fails: ignored, the write returns EPIPE or EFBIG and becomes an
// error like others. What is ignored stays so across execve, so programs that we start get them back.
#pragma once

#include <array>
#include <csignal>

namespace ecc {

inline constexpr std::array write_signals = {SIGPIPE, SIGXFSZ};

} // namespace ecc
