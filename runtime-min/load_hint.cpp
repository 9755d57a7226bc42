#include "runtime-min/load_hint.h"

#include "runtime-min/resource_hint.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace ecc {

namespace {

/// Words of kernel/bpf/verifier.c. The first that fits counts.
struct Verdict {
    std::string_view words;
    std::string_view hint;
};

constexpr std::array verdicts{
    Verdict{"GPL-restricted function",
            "char LICENSE[] SEC(\"license\") = \"GPL\"; in the source, if that is its license"},
    Verdict{"_or_null'", "testing the pointer for NULL before it is used"},
    Verdict{"invalid mem access 'scalar'",
            "BPF_CORE_READ() or bpf_probe_read_kernel() for memory that is not the program's own"},
    Verdict{"invalid mem access 'inv'",
            "BPF_CORE_READ() or bpf_probe_read_kernel() for memory that is not the program's own"},
    Verdict{"invalid access to packet", "comparing with data_end before that part of the packet is read"},
    Verdict{"back-edge", "a loop whose end the verifier can see, or bpf_loop()"},
    Verdict{"infinite loop", "a loop whose end the verifier can see, or bpf_loop()"},
    Verdict{"BPF program is too large",
            "shorter loops, bpf_loop(), or functions that are not inlined (__noinline)"},
    Verdict{"stack size",
            "smaller local variables (512 bytes in all), or a per-CPU array for what is larger"},
    Verdict{"Unreleased reference", "releasing on every path what was acquired or reserved"},
    Verdict{"unknown func",
            "a newer kernel, or a helper that this type of program may call (bpftool feature probe)"},
    Verdict{"cannot use helper", "another helper, or another type of program (bpftool feature probe)"},
    Verdict{"unbounded memory access", "comparing the index or length with the size before it is used"},
    Verdict{"min value is negative", "comparing the index or length with the size before it is used"},
    Verdict{"outside of the allowed memory range",
            "comparing the index or length with the size before it is used"},
    Verdict{"invalid access to map value", "comparing the index or length with the size before it is used"},
};

constexpr std::string_view by_the_log = "mending the source where the verifier's log, which follows, ends; "
                                        "its numbered instructions are those of "
                                        "`llvm-objdump -S`";

struct Refusal {
    int error;
    std::string_view hint;
};

constexpr std::array refusals{
    Refusal{EPERM,
            "running ecc-run as root, or a kernel that is not locked down (/sys/kernel/security/lockdown)"},
    Refusal{EACCES,
            "running ecc-run as root, or a kernel that is not locked down (/sys/kernel/security/lockdown)"},
    Refusal{E2BIG, "a shorter program: this kernel takes no more instructions"},
    Refusal{EINVAL,
            "a newer kernel, which knows these programs and maps; ecc-run -v shows libbpf's messages"},
    Refusal{EOPNOTSUPP, "a kernel configured with what the program uses; ecc-run -v shows libbpf's messages"},
    Refusal{ENOENT, "a kernel that has what the program names; ecc-run -v shows libbpf's messages"},
    Refusal{
        ESRCH,
        "a kernel that has what the program names, and not in a module; ecc-run -v shows libbpf's messages"},
};

} // namespace

std::string load_hint(std::string_view verdict, int error) {
    const auto known = std::ranges::find_if(
        verdicts, [&](const Verdict& one) { return verdict.find(one.words) != verdict.npos; });
    if (known != verdicts.end())
        return std::string(known->hint);
    if (!verdict.empty())
        return std::string(by_the_log);
    const auto refused = std::ranges::find(refusals, error, &Refusal::error);
    return refused == refusals.end() ? resource_hint(error) : root_hint(std::string(refused->hint));
}

} // namespace ecc
