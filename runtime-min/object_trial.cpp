#include "runtime-min/object_trial.h"

#include "packager/package/object_facts.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace ecc {

namespace {

constexpr const char* intact = "building or fetching it again: the object is damaged, or no BPF object";

/// All that is done with an object before its permissions are known.
bool open_everything(ByteView elf, const std::string& name, std::string& text) {
    LibbpfLog log;
    const LibbpfLogScope scope(log);
    const auto facts = read_object_facts(elf, name);
    if (facts)
        return true;
    const auto details = explain_load_failure(log.text()).details;
    text = facts.error().what + (details.empty() ? "" : ":\n" + details);
    return false;
}

/// What libbpf asks of the kernel while it loads, and reads of it: its types, symbols and configuration.
/// Maps, programs and types that are made are all descriptor 0, which therefore is never closed.
constexpr std::uint32_t whole = ~0U;
constexpr SystemCallRule load_calls[] = {
    {SYS_bpf, 0, 0, whole, BPF_MAP_CREATE},
    {SYS_bpf, 0, 0, whole, BPF_BTF_LOAD},
    {SYS_bpf, 0, 0, whole, BPF_PROG_LOAD},
    {SYS_bpf, 0, 0, whole, BPF_OBJ_GET_INFO_BY_FD},
    {SYS_bpf, 0, 0, whole, BPF_MAP_LOOKUP_ELEM},
    {SYS_bpf, 0, 0, whole, BPF_MAP_UPDATE_ELEM},
    {SYS_bpf, 0, 0, whole, BPF_MAP_FREEZE},
    {SYS_bpf, 0, 0, whole, BPF_PROG_BIND_MAP},
    {SYS_bpf, ENOENT, 0, whole, BPF_OBJ_GET},
    {SYS_bpf, EPERM},
    {SYS_close, 0, 0, whole, 0},
    {SYS_dup3},
    {SYS_openat, SystemCallRule::performed, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY},
    {SYS_read},
    {SYS_pread64},
    {SYS_lseek},
    {SYS_fstat},
    {SYS_newfstatat},
    {SYS_faccessat},
    {SYS_faccessat2},
#ifdef SYS_access
    {SYS_access},
#endif
};

/// More than any map's values take: libbpf maps those of global variables.
constexpr off_t stand_in_bytes = off_t{8} << 30;

/// What stands in for every map and program.
FileDescriptor stand_in() {
    FileDescriptor memory(::memfd_create("trial", MFD_CLOEXEC));
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0)
        (void)!::ftruncate(memory.get(),
                           static_cast<off_t>(std::min(limit.rlim_cur, rlim_t{stand_in_bytes})));
    return memory;
}

/// What is wrong with an object whose trial `answer` ended before it had a result.
Error no_result(const ConfinedAnswer& answer, std::string_view what, const std::string& name) {
    if (answer.end == ConfinedAnswer::End::unborn)
        return {Fault::environment, name,
                "the process that tries the object first cannot be started: " + errno_text(answer.error),
                resource_hint(answer.error)};
    if (answer.end == ConfinedAnswer::End::unconfined)
        return {Fault::environment, name,
                "this kernel cannot confine the process that tries the object first: " + answer.text,
                "a kernel with CONFIG_SECCOMP_FILTER=y, and /proc mounted"};
    return {
        Fault::input, name,
        fmt::format("{} this object kills the process that tries it ({})", what, ::strsignal(answer.signal)),
        intact};
}

} // namespace

Result<> try_object(ByteView elf, const std::string& name) {
    const auto answer = run_confined([&](std::string& text) { return open_everything(elf, name, text); });
    if (answer.end == ConfinedAnswer::End::succeeded)
        return {};
    if (answer.end == ConfinedAnswer::End::failed)
        return input_error(name, answer.text, intact);
    return std::unexpected(no_result(answer, "opening", name));
}

Result<> try_load(bpf_object* object, const std::string& name, int types, const Confinement& limits) {
    const FileDescriptor kernel = stand_in();
    Confinement confinement = limits;
    confinement.calls = load_calls;
    confinement.standard_input = kernel.get();
    confinement.kept = types;
    const auto answer = run_confined(
        [&](std::string&) {
            LibbpfLog log;
            const LibbpfLogScope scope(log);
            return bpf_object__load(object) != -ENOMEM;
        },
        confinement);
    if (answer.end == ConfinedAnswer::End::succeeded)
        return {};
    if (answer.end == ConfinedAnswer::End::failed)
        return input_error(
            name,
            fmt::format("fitting this object to the kernel takes more than {} MiB of memory",
                        confinement.memory >> 20),
            "fewer or smaller functions: every function that a program calls is copied into it");
    return std::unexpected(no_result(answer, "fitting", name));
}

} // namespace ecc
