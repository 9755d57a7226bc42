// How many guests run at once under a limit: each holds one of as many locks.
#pragma once

#include "runtime-min/file_descriptor.h"
#include "support/result.h"

namespace ecc {

/// A slot that is free again when the descriptor is closed or the process ends; none without a limit. An
/// environment error: all of them are taken.
Result<FileDescriptor> take_run_slot(std::uint64_t limit);

} // namespace ecc
