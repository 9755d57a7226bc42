// The room that a guest's linear memory takes among the process's addresses, before any byte of it is used.
#pragma once

#include "support/result.h"

#include <string_view>

namespace ecc {

/// An error of the environment if the process may not have that many addresses (`ulimit -v`, RLIMIT_AS);
/// `where` is the guest. Asked before the first thread starts, which such a limit may prevent, too.
Result<> check_address_space(std::string_view where);

/// For a guest whose memory could not be placed all the same.
Error address_space_error(std::string_view where);

} // namespace ecc
