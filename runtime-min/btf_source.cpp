#include "runtime-min/btf_source.h"

#include "support/files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace ecc {

Result<BtfSource> btf_in_memory(ByteView btf) {
    BtfSource source;
    source.memory = FileDescriptor(::memfd_create("ecc.btf", MFD_CLOEXEC));
    source.path = fmt::format("/proc/self/fd/{}", source.memory.get());
    if (!source.memory ||
        ::write(source.memory.get(), btf.data(), btf.size()) != static_cast<ssize_t>(btf.size()))
        return environment_error("ecc.btf", "cannot be kept in memory: " + errno_text(errno));
    return source;
}

// The places where libbpf's btf__load_vmlinux_btf looks.
bool kernel_has_btf() {
    if (::access("/sys/kernel/btf/vmlinux", R_OK) == 0)
        return true;
    utsname system{};
    ::uname(&system);
    constexpr std::array patterns{
        "/boot/vmlinux-{0}",
        "/lib/modules/{0}/vmlinux-{0}",
        "/lib/modules/{0}/build/vmlinux",
        "/usr/lib/modules/{0}/kernel/vmlinux",
        "/usr/lib/debug/boot/vmlinux-{0}",
        "/usr/lib/debug/boot/vmlinux-{0}.debug",
        "/usr/lib/debug/lib/modules/{0}/vmlinux",
    };
    return std::ranges::any_of(patterns, [&](const char* pattern) {
        return ::access(fmt::format(fmt::runtime(pattern), system.release).c_str(), R_OK) == 0;
    });
}

Result<BtfSource> choose_btf(const std::string& option, const Package* package) {
    if (!option.empty() && ::access(option.c_str(), R_OK) != 0)
        return usage_error(fmt::format("--btf {}: {}", option, errno_text(errno)));
    if (option.empty() && package != nullptr && package->btf && !kernel_has_btf())
        return btf_in_memory(*package->btf);
    return BtfSource{option, {}};
}

} // namespace ecc
