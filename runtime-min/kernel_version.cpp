#include "runtime-min/kernel_version.h"

#include <cstdio>
#include <sys/utsname.h>
#include <utility>

namespace ecc {

bool kernel_is_at_least(unsigned major, unsigned minor) {
    utsname system{};
    std::pair running{0U, 0U};
    return ::uname(&system) == 0 &&
           std::sscanf(system.release, "%u.%u", &running.first, &running.second) == 2 &&
           running >= std::pair(major, minor);
}

} // namespace ecc
