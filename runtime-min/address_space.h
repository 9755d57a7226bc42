// The room that a run takes among the process's addresses, most of it before any byte there is used.
#pragma once

#include "support/result.h"

#include <string_view>

namespace ecc {

/// An error of the environment if the process may not have that many addresses (`ulimit -v`, RLIMIT_AS);
/// `where` is the guest. Asked before anything else: with fewer, whatever is next may fail, a thread or the
/// guest's memory, and not the same thing each time.
Result<> check_address_space(std::string_view where);

/// For a guest whose memory could not be placed all the same.
Error address_space_error(std::string_view where);

/// From now on this process ends with a message and status_refused when memory runs out. Its children abort.
void end_when_memory_runs_out();

} // namespace ecc
