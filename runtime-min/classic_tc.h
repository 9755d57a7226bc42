// A classic tc filter (tc-bpf(8)): what tc programs attach with on kernels before 6.6, which have no tcx
// links. The kernel keeps it after the process has ended, so a janitor knows of each.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/janitor.h"

#include <cstdint>
#include <utility>

namespace ecc {

enum class TcHook : std::uint32_t { ingress = 1, egress = 2 };

/// A filter of ours, by where it is and what it runs.
struct TcPlace {
    int ifindex = 0; ///< 0: nowhere
    TcHook hook = TcHook::ingress;
    std::uint32_t handle = 0;
    std::uint32_t priority = 0;
    std::uint32_t program_id = 0;
};

/// Unless another program is there by now. False if it is still there.
bool remove_filter(const TcPlace& place);

class ClassicTcFilter {
public:
    /// Makes the interface's clsact qdisc where it is missing, then adds a direct-action filter. `priority`
    /// 0: the first that is free, from where the kernel would start.
    static OrErrno<ClassicTcFilter> attach(int ifindex, TcHook hook, int program_fd, std::uint32_t priority,
                                           Janitor& janitor);

    ClassicTcFilter(ClassicTcFilter&& other) noexcept
        : place_(std::exchange(other.place_, {})), janitor_(other.janitor_) {}
    ClassicTcFilter& operator=(ClassicTcFilter&& other) noexcept {
        std::swap(place_, other.place_);
        std::swap(janitor_, other.janitor_);
        return *this;
    }
    /// Removes the filter. The qdisc stays: others may have filters in it by now.
    ~ClassicTcFilter();

private:
    ClassicTcFilter(TcPlace place, Janitor& janitor) : place_(place), janitor_(&janitor) {}

    TcPlace place_;
    Janitor* janitor_;
};

} // namespace ecc
