// How permissions are written, on the command line and in policies.
#pragma once

#include "runtime-min/permissions.h"

#include <string_view>

namespace ecc {

/// Adds what one word says: act, bytes, attach, symbols, pin=FOLDER, files=DIR[:rw], env=NAME. A usage error
/// for any other, for a writable folder that holds one of the kernel's own file systems, and for a pin
/// outside of a bpf file system.
Result<> add_permission(Permissions& permissions, std::string_view word);

} // namespace ecc
