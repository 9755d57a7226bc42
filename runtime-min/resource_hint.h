// Which limit of the process or the machine an errno stands for, and how to raise it.
#pragma once

#include <string>

namespace ecc {

/// For the end of an error message; empty if `error` (positive) is about no limit.
std::string resource_hint(int error);

/// A hint that begins with "running ecc-run as root": where root is that of a user namespace (unshare -U, a
/// rootless container), which may do none of that, it says so.
std::string root_hint(std::string hint);

} // namespace ecc
