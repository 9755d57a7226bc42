// A classic tc filter (tc-bpf(8)): what tc programs attach with on kernels before 6.6, which have no tcx
// links. The kernel keeps it after the process has ended.
#pragma once

#include "runtime-min/errno_result.h"

#include <cstdint>
#include <utility>

namespace ecc {

enum class TcHook : std::uint32_t { ingress = 1, egress = 2 };

class ClassicTcFilter {
public:
    /// Makes the interface's clsact qdisc where it is missing, then adds a direct-action filter. `priority`
    /// 0: the kernel chooses.
    static OrErrno<ClassicTcFilter> attach(int ifindex, TcHook hook, int program_fd, std::uint32_t priority);

    ClassicTcFilter(ClassicTcFilter&& other) noexcept : place_(std::exchange(other.place_, {})) {}
    ClassicTcFilter& operator=(ClassicTcFilter&& other) noexcept {
        std::swap(place_, other.place_);
        return *this;
    }
    /// Removes the filter. The qdisc stays: others may have filters in it by now.
    ~ClassicTcFilter();

private:
    struct Place {
        int ifindex = 0; ///< 0: nothing to remove
        TcHook hook = TcHook::ingress;
        std::uint32_t handle = 0;
        std::uint32_t priority = 0;
    };
    explicit ClassicTcFilter(Place place) : place_(place) {}

    Place place_;
};

} // namespace ecc
