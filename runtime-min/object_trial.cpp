#include "runtime-min/object_trial.h"

#include "packager/package/object_facts.h"
#include "runtime-min/confined_child.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <csignal>
#include <cstring>
#include <fmt/format.h>

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

} // namespace

Result<> try_object(ByteView elf, const std::string& name) {
    const auto answer = run_confined([&](std::string& text) { return open_everything(elf, name, text); });
    switch (answer.end) {
    case ConfinedAnswer::End::succeeded:
        return {};
    case ConfinedAnswer::End::failed:
        return input_error(name, answer.text, intact);
    case ConfinedAnswer::End::died:
        break;
    }
    if (answer.error != 0)
        return environment_error(
            name, "the process that looks at the object first cannot be started: " + errno_text(answer.error),
            resource_hint(answer.error));
    if (answer.signal == 0)
        return environment_error(name,
                                 "this kernel cannot confine the process that looks at the object first",
                                 "a kernel with CONFIG_SECCOMP_FILTER=y, and /proc mounted");
    return input_error(
        name,
        fmt::format("opening this object kills the process that tries it ({})", ::strsignal(answer.signal)),
        intact);
}

} // namespace ecc
