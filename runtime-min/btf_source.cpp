#include "runtime-min/btf_source.h"

#include "packager/package/btf_rules.h"
#include "packager/package/owned_btf.h"
#include "runtime-min/confined_child.h"
#include "runtime-min/libbpf_log.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <bpf/btf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace ecc {

Result<BtfSource> btf_in_memory(ByteView btf) {
    BtfSource source;
    source.memory = FileDescriptor(::memfd_create("ecc.btf", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    source.path = fmt::format("/proc/self/fd/{}", source.memory.get());
    if (!source.memory ||
        ::write(source.memory.get(), btf.data(), btf.size()) != static_cast<ssize_t>(btf.size()) ||
        ::fcntl(source.memory.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) !=
            0) // the child that tries objects has it, too
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

namespace {

Result<> check_file(const std::string& path) {
    LibbpfLog log; // whose words would name neither the option nor the file
    const LibbpfLogScope scope(log);
    const OwnedBtf types(btf__parse(path.c_str(), nullptr));
    if (types)
        return {};
    const bool readable = ::access(path.c_str(), R_OK) == 0;
    const auto reason = readable ? "it holds no BTF, or damaged BTF" : errno_text(errno);
    return usage_error(
        fmt::format("--btf {}: {}", path, reason),
        "--btf with a copy of the kernel's own /sys/kernel/btf/vmlinux, a vmlinux that has a section "
        ".BTF, or what `bpftool gen min_core_btf` cut from one");
}

/// Looked at where it can do no harm, as objects are.
Result<> check_packaged(ByteView bytes) {
    const auto answer = run_confined([&](std::string&) {
        const OwnedBtf types(btf__new(bytes.data(), static_cast<std::uint32_t>(bytes.size())));
        return types != nullptr && check_btf(bytes, "ecc.btf").has_value();
    });
    if (answer.end == ConfinedAnswer::End::succeeded)
        return {};
    return input_error("ecc.btf", "this section of the package holds no BTF, or damaged BTF",
                       "build or fetch the package again, or --btf FILE with the BTF of this kernel");
}

} // namespace

Result<BtfSource> choose_btf(const std::string& option, const Package* package) {
    if (!option.empty()) {
        ECC_CHECK(check_file(option));
        return BtfSource{option, {}};
    }
    if (package == nullptr || !package->btf || kernel_has_btf())
        return BtfSource{};
    ECC_CHECK(check_packaged(*package->btf));
    return btf_in_memory(*package->btf);
}

} // namespace ecc
