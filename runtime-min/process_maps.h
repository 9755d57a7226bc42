// Which file a process has mapped where, as /proc/PID/maps tells whoever may read it (proc_pid_maps(5)): a
// process of the same user with no more capabilities, any with CAP_SYS_PTRACE, or, in newer kernels, with
// CAP_PERFMON (may_access_mm in kernel/fork.c).
#pragma once

#include "runtime-min/errno_result.h"

#include <cstdint>
#include <istream>
#include <string>

namespace ecc {

struct ProcessMapping {
    std::uint64_t start = 0;
    std::uint64_t end = 0;    ///< the first address behind it
    std::uint64_t offset = 0; ///< in the file, of `start`
    std::string name;         ///< as the kernel writes it: "/usr/lib/libc.so.6", "[vdso]", or empty
};

/// The mapping of a process, or of the one that a thread belongs to, that `address` lies in, right now.
/// -ENOENT: none; -ESRCH: no such process, one that has ended, or a thread of the kernel; -EPERM: the kernel
/// hides it.
OrErrno<ProcessMapping> process_mapping_at(std::int32_t pid, std::uint64_t address);

/// Of lines in the form of /proc/PID/maps; others are skipped. -ESRCH: there is none.
OrErrno<ProcessMapping> find_mapping(std::istream& lines, std::uint64_t address);

} // namespace ecc
