// Messages as JSON, one object on a line: time (UTC), level, where, message, hint.
#pragma once

#include "support/diagnostics.h"

namespace ecc {

/// Writes to standard error.
Diagnostics json_diagnostics();

/// The same for one message of level "debug", without its last newline.
void json_debug_line(std::string_view message);

} // namespace ecc
