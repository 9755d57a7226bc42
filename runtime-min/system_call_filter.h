// A seccomp(2) filter that lets some system calls through and answers every other with EPERM.
#pragma once

#include <span>

namespace ecc {

/// For this thread and what it starts, for good. The numbers are SYS_* of this machine; at most 200. Sets
/// no_new_privs, which filters need. False if the kernel refuses.
bool allow_system_calls(std::span<const int> numbers);

} // namespace ecc
