#include "runtime-min/object_trial.h"

#include "packager/package/object_facts.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/map_memory.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <cerrno>
#include <charconv>
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

/// Of libbpf's messages about an object that it cannot load.
constexpr std::size_t most_log = confined_text_limit - 64;

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
constexpr int stand_in_fd = 0;
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
    {SYS_close, 0, 0, whole, stand_in_fd},
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

/// Room for the largest map: libbpf maps the values of global variables, and arenas.
std::uint64_t stand_in_bytes(const bpf_object* object) {
    std::uint64_t bytes = 0;
    const bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        bytes = std::max(bytes, map_memory(facts_of(map)));
    }
    return bytes;
}

/// What stands in for every map and program.
FileDescriptor stand_in(std::uint64_t bytes) {
    FileDescriptor memory(::memfd_create("trial", MFD_CLOEXEC));
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0)
        (void)!::ftruncate(memory.get(), static_cast<off_t>(std::min(limit.rlim_cur, bytes)));
    return memory;
}

/// Maps that the guest had pinned are the stand-in too; where others are pinned, nothing is.
void stand_in_for_pins(bpf_object* object) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        bpf_map__set_pin_path(map, nullptr);
        if (const int reused = bpf_map__fd(map); reused >= 0)
            ::dup3(stand_in_fd, reused, O_CLOEXEC);
    }
}

/// In the child. What follows relocation, the kernel decides: here only memory can run out.
int load_to_the_end(bpf_object* object) {
    stand_in_for_pins(object);
    if (const int error = bpf_object__prepare(object); error != 0)
        return error;
    return bpf_object__load(object) == -ENOMEM ? -ENOMEM : 0;
}

/// "ERROR LOG", as the child writes it.
LoadTrial read_trial(std::string_view text) {
    const auto space = text.find(' ');
    int error = 0;
    std::from_chars(text.data(), text.data() + std::min(space, text.size()), error);
    return {.error = error < 0 ? error : -EINVAL,
            .log = std::string(text.substr(space == text.npos ? text.size() : space + 1))};
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

Result<LoadTrial> try_load(bpf_object* object, const std::string& name, int types,
                           const Confinement& limits) {
    const auto map_bytes = stand_in_bytes(object);
    const FileDescriptor kernel = stand_in(map_bytes);
    Confinement confinement = limits;
    confinement.memory += map_bytes;
    confinement.calls = load_calls;
    confinement.standard_input = kernel.get();
    confinement.kept = types;
    const auto answer = run_confined(
        [&](std::string& text) {
            LibbpfLog log;
            const LibbpfLogScope scope(log);
            const int error = load_to_the_end(object);
            const std::string_view said = log.text();
            text = fmt::format("{} {}", error, said.substr(said.size() - std::min(said.size(), most_log)));
            return error == 0;
        },
        confinement);
    if (answer.end == ConfinedAnswer::End::succeeded)
        return LoadTrial{};
    if (answer.end != ConfinedAnswer::End::failed)
        return std::unexpected(no_result(answer, "fitting", name));
    auto trial = read_trial(answer.text);
    if (trial.error == -ENOMEM)
        return input_error(
            name,
            fmt::format("fitting this object to the kernel takes more than {} MiB of memory",
                        limits.memory >> 20),
            "fewer or smaller functions: every function that a program calls is copied into it");
    return trial;
}

} // namespace ecc
