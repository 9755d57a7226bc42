// How permissions are written on the command line.
#pragma once

#include "runtime-min/permissions.h"

#include <string_view>

namespace ecc {

/// Adds what one word of --allow says: act, bytes, env=NAME, files=DIR[:rw]. A usage error for any other, and
/// for a writable folder that holds one of the kernel's own file systems.
Result<> add_permission(Permissions& permissions, std::string_view word);

} // namespace ecc
