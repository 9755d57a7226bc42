// The version of the running kernel, for what cannot be asked of the kernel itself.
#pragma once

namespace ecc {

/// By uname(2), "6.1.0-18-amd64": false for a release that does not begin with two numbers.
bool kernel_is_at_least(unsigned major, unsigned minor);

} // namespace ecc
