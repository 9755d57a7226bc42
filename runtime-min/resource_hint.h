// Which limit of the process or the machine an errno stands for, and how to raise it.
#pragma once

#include <string>

namespace ecc {

/// For the end of an error message; empty if `error` (positive) is about no limit.
std::string resource_hint(int error);

} // namespace ecc
