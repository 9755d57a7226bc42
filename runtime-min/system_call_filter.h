// A seccomp(2) filter: which system calls are performed, and what the others return.
#pragma once

#include <cstdint>
#include <span>

namespace ecc {

/// One kind of call: a number, and one argument if `mask` is not 0.
struct SystemCallRule {
    static constexpr int performed = -1;

    int number = 0;          ///< SYS_* of this machine
    int answer = performed;  ///< or the errno that it fails with, or 0: it does nothing and returns 0
    unsigned argument = 0;   ///< 0 to 5: the one that is looked at
    std::uint32_t mask = 0;  ///< on the argument's lower half,
    std::uint32_t value = 0; ///< which then must be this
};

/// For this thread and what it starts, for good. The first rule that fits a call decides; a call that none
/// fits fails with EPERM. At most 600 rules. Sets no_new_privs, which filters need. False if the kernel
/// refuses.
bool filter_system_calls(std::span<const SystemCallRule> rules);

} // namespace ecc
