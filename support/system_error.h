// What a system call's errno number means for whoever has to act.
#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>

namespace ecc {

enum class FileUse : std::uint8_t { reading, writing };

/// "WHERE: cannot DOING: No space left on device", with the way out where there is one. A lack of permission
/// or room is the environment's fault; a name that leads nowhere is the input's.
std::unexpected<Error> system_error(const std::string& where, const char* doing, int number, FileUse use);

/// What to try; empty if nothing is known to help.
std::string hint_for(int number, FileUse use);

} // namespace ecc
