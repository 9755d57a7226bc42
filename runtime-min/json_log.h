// Messages as JSON, one object on a line: time (UTC), level, where, message, hint.
#pragma once

#include "support/diagnostics.h"

namespace ecc {

/// Writes to standard error.
Diagnostics json_diagnostics();

} // namespace ecc
