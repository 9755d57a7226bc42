#include "compiler/architecture.h"

#include <algorithm>
#include <array>
#include <elf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ranges>
#include <sys/utsname.h>
#include <vector>

namespace ecc {
namespace {

// Parts of the kernel's user ABI, so their layout is settled: arch/*/include/uapi/asm/ptrace.h; x86 with the
// names of the kernel's own struct, which bpf_tracing.h takes beside a vmlinux.h.
constexpr std::string_view x86_registers = R"(struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
)";

constexpr std::string_view arm64_registers = R"(struct user_pt_regs {
	unsigned long long regs[31], sp, pc, pstate;
};
struct pt_regs {
	union {
		struct user_pt_regs user_regs;
		struct {
			unsigned long long regs[31], sp, pc, pstate;
		};
	};
	unsigned long long orig_x0;
};
)";

#define ECC_RISCV_REGISTERS                                                                                  \
    "ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7, s2, s3, s4, s5, s6, s7, s8, s9, "   \
    "s10, s11, "                                                                                             \
    "t3, t4, t5, t6;\n"
constexpr std::string_view riscv_registers =
    "struct user_regs_struct {\n\tunsigned long pc, " ECC_RISCV_REGISTERS
    "};\nstruct pt_regs {\n\tunsigned long epc, " ECC_RISCV_REGISTERS
    "\tunsigned long status, badaddr, cause, orig_a0;\n};\n";
#undef ECC_RISCV_REGISTERS

constexpr std::string_view loongarch_registers = R"(struct user_pt_regs {
	unsigned long regs[32], orig_a0, csr_era, csr_badv, reserved[10];
};
struct pt_regs {
	unsigned long regs[32], orig_a0, csr_era, csr_badvaddr, csr_crmd, csr_prmd, csr_euen, csr_ecfg, csr_estat;
};
)";

constexpr std::string_view powerpc_registers = R"(struct pt_regs {
	unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link, xer, ccr, softe, trap, dar, dsisr, result;
};
)";

constexpr std::array architectures = {
    Architecture{"x86", "x86_64", "amd64", EM_X86_64, x86_registers, "orig_ax"},
    Architecture{"arm64", "aarch64", "arm64", EM_AARCH64, arm64_registers, "pstate"},
    Architecture{"riscv", "riscv64", "riscv64", EM_RISCV, riscv_registers, "badaddr"},
    Architecture{"loongarch", "loongarch64", "loong64", EM_LOONGARCH, loongarch_registers, "csr_era"},
    Architecture{"powerpc", "ppc64le", "ppc64le", EM_PPC64, powerpc_registers, "orig_gpr3"},
};

struct Refusal {
    std::string_view reason;
    std::vector<std::string_view> names;
};

const Refusal* refusal_of(std::string_view name) {
    static const std::array refusals = {
        Refusal{"is big-endian: Wasm is little-endian, so a user part could not read its kernel's records in "
                "place",
                {"s390", "s390x", "mips", "mips64", "sparc", "sparc64", "ppc64"}},
        Refusal{"has 32 bits: BPF programs have pointers and long of 64 bits, so they and the types of its "
                "kernel would not fit",
                {"arm", "armv6l", "armv7l", "armhf", "i386", "i686", "386", "mipsel", "mipsle", "ppc",
                 "riscv32"}},
    };
    const auto found = std::ranges::find_if(refusals, [&](const Refusal& refusal) {
        return std::ranges::find(refusal.names, name) != refusal.names.end();
    });
    return found == refusals.end() ? nullptr : &*found;
}

} // namespace

Result<const Architecture*> find_architecture(std::string_view name) {
    for (const Architecture& known : architectures)
        if (name == known.name || name == known.machine || name == known.oci)
            return &known;
    const std::string all = architecture_names();
    if (const Refusal* refusal = refusal_of(name))
        return usage_error(fmt::format("{} {}", name, refusal->reason), "choose from " + all);
    return usage_error(fmt::format("there is no architecture \"{}\"", name), "choose from " + all);
}

const Architecture* architecture_of_elf(std::uint16_t machine) {
    const auto found = std::ranges::find(architectures, machine, &Architecture::elf);
    return found == architectures.end() ? nullptr : found;
}

std::string architecture_names() {
    return fmt::format("{}", fmt::join(architectures | std::views::transform(&Architecture::name), ", "));
}

const Architecture& host_architecture() {
    utsname machine = {};
    ::uname(&machine);
    const auto found =
        std::ranges::find(architectures, std::string_view(machine.machine), &Architecture::machine);
    return found == architectures.end() ? architectures.front() : *found;
}

const Architecture* architecture_of(std::string_view header) {
    const auto found = std::ranges::find_if(architectures, [&](const Architecture& known) {
        return header.find(fmt::format(" {};", known.mark)) != header.npos;
    });
    return found == architectures.end() ? nullptr : &*found;
}

// A name with three underscores is a flavor, which CO-RE takes for the type without (libbpf,
// bpf_core_essential_name_len).
std::string with_registers_of(const Architecture& target, std::string_view header) {
    std::string text;
    for (const char* type : register_types)
        text += fmt::format("#define {0} {0}___other\n", type);
    text += header;
    for (const char* type : register_types)
        text += fmt::format("#undef {}\n", type);
    text += fmt::format("#ifndef ECC_REGISTERS\n#define ECC_REGISTERS\n{}#endif\n", target.registers);
    return text;
}

} // namespace ecc
