// What a system call's errno number means for whoever has to act.
#pragma once

#include "support/result.h"

#include <string>

namespace ecc {

/// "WHERE: cannot DOING: No space left on device". A lack of permission or room is the environment's fault; a
/// name that leads nowhere is the input's.
std::unexpected<Error> system_error(const std::string& where, const char* doing, int number);

} // namespace ecc
