#include "runtime-min/capabilities.h"

#include <array>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc {

namespace {

using Data = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

CapabilitySet joined(std::uint32_t low, std::uint32_t high) {
    return low | CapabilitySet{high} << 32;
}

bool read_capabilities(Data& data) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    return ::syscall(SYS_capget, &header, data.data()) == 0;
}

} // namespace

CapabilitySet effective_capabilities() {
    Data data{};
    return read_capabilities(data) ? joined(data[0].effective, data[1].effective) : 0;
}

bool drop_capabilities(CapabilitySet kept) {
    Data data{};
    if (!read_capabilities(data))
        return false;
    for (std::size_t half = 0; half < data.size(); ++half) {
        const auto wanted = static_cast<std::uint32_t>(kept >> (32 * half));
        data[half].permitted &= wanted;
        data[half].effective &= wanted;
        data[half].inheritable = 0;
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
           ::syscall(SYS_capset, &header, data.data()) == 0;
}

} // namespace ecc
