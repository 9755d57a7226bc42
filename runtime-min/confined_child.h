// Work on hostile bytes in a forked child that can do nothing but compute: no capabilities, bounded time and
// memory, no descriptors, and system calls for memory and for its answer only (seccomp(2)). Whatever becomes
// of the child, the parent goes on.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace ecc {

struct ConfinedLimits {
    unsigned cpu_seconds = 10;
    std::size_t memory = std::size_t{512} << 20; ///< beyond what the parent has
};

struct ConfinedAnswer {
    enum class End {
        succeeded, ///< the work returned true
        failed,    ///< the work returned false
        died,      ///< the child crashed, ran into a limit, or could not be confined
    };
    End end = End::died;
    std::string text; ///< what the work wrote, at most confined_text_limit bytes; hostile
    int signal = 0;   ///< what killed the child, or 0
    int error = 0;    ///< errno if there could be no child, or 0
};

inline constexpr std::size_t confined_text_limit = 64 * 1024;

/// `work` gets a text to fill. It must not expect anything that another thread would do.
ConfinedAnswer run_confined(const std::function<bool(std::string& text)>& work,
                            const ConfinedLimits& limits = {});

} // namespace ecc
