// What a session tells of the kernel's symbols and of what processes have mapped (--allow symbols).
#include "runtime-min/session.h"

#include <fmt/format.h>

namespace ecc {

OrErrno<KernelSymbols> Session::read_kernel_symbols() const {
    if (!policy_.permissions.symbols) {
        policy_.diagnostics->error(
            {Fault::environment, "", "the program looks kernel symbols up, which is not allowed",
             permission_flag(Permission::symbols) + ", if it may know where the kernel's functions lie"});
        return errno_error(EPERM);
    }
    auto symbols = KernelSymbols::load();
    if (!symbols)
        policy_.diagnostics->error({Fault::environment, "/proc/kallsyms",
                                    "the kernel hides its addresses from this process",
                                    "running ecc-run as root (CAP_SYSLOG), or kernel.kptr_restrict below 2"});
    return symbols;
}

OrErrno<const KernelSymbols*> Session::kernel_symbols() {
    if (!kernel_symbols_)
        kernel_symbols_ = read_kernel_symbols();
    if (!*kernel_symbols_)
        return std::unexpected(kernel_symbols_->error());
    return &**kernel_symbols_;
}

Error Session::process_map_refusal(std::int32_t pid) const {
    if (!policy_.permissions.symbols)
        return {Fault::environment, "",
                "the program looks up what processes have mapped, which is not allowed",
                permission_flag(Permission::symbols) + ", if it may know which files they use"};
    const auto where = fmt::format("/proc/{}/maps", pid);
    if (sealed_)
        return {Fault::environment, where, "the program gave up the right to read it (seal)", ""};
    return {Fault::environment, where, "the kernel hides it from this process",
            "running ecc-run as root (CAP_PERFMON, in older kernels CAP_SYS_PTRACE)"};
}

OrErrno<ProcessMapping> Session::process_mapping(std::int32_t pid, std::uint64_t address) {
    auto mapping = policy_.permissions.symbols ? process_mapping_at(pid, address)
                                               : OrErrno<ProcessMapping>(errno_error(EPERM));
    // A tool asks for one address of a stack after the other.
    if (!mapping && mapping.error() == -EPERM && !std::exchange(told_of_process_maps_, true))
        policy_.diagnostics->error(process_map_refusal(pid));
    return mapping;
}

} // namespace ecc
