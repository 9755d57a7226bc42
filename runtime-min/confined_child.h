// Work on hostile bytes in a forked child that can do nothing but compute: no capabilities, bounded time and
// memory, no descriptors, and system calls for memory and for its answer only (seccomp(2)). Whatever becomes
// of the child, the parent goes on.
#pragma once

#include "runtime-min/system_call_filter.h"

#include <functional>
#include <string>
#include <sys/types.h>

namespace ecc {

struct Confinement {
    unsigned cpu_seconds = 10;
    std::size_t memory = std::size_t{512} << 20; ///< beyond what the parent has, in bytes
    std::span<const SystemCallRule> calls;       ///< looked at before those that every child has
    int standard_input = -1;                     ///< a descriptor that becomes the child's number 0
    int kept = -1;                               ///< one that stays open under its number, from 2 on
};

struct ConfinedAnswer {
    enum class End {
        succeeded,  ///< the work returned true
        failed,     ///< the work returned false
        died,       ///< the child crashed or ran into a limit
        unconfined, ///< it did not begin: the call that this kernel refused is in `text`
        unborn,     ///< there could be no child: `error`
    };
    End end = End::died;
    std::string text; ///< what the work wrote, at most confined_text_limit bytes; hostile
    int signal = 0;   ///< what killed the child, or 0
    int error = 0;    ///< an errno, or 0
};

inline constexpr std::size_t confined_text_limit = 64 * 1024;

/// `work` gets a text to fill. It must not expect anything that another thread would do.
ConfinedAnswer run_confined(const std::function<bool(std::string& text)>& work,
                            const Confinement& confinement = {});

} // namespace ecc
