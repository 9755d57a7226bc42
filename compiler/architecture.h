// CPU architectures of the kernels that a package can carry an object for. BPF objects differ by architecture
// only where the source asks for registers (bpf/bpf_tracing.h) or __TARGET_ARCH_.
#pragma once

#include "support/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

struct Architecture {
    std::string_view name;    ///< the kernel's: "arm64"; of __TARGET_ARCH_ and of sections ecc.bpf
    std::string_view machine; ///< uname's: "aarch64"
    std::string_view oci;     ///< Go's and OCI's: "arm64"
    std::uint16_t elf;        ///< of its programs: EM_AARCH64 (elf(5), e_machine)
    /// C definitions of the registers that a program finds in its context, for a vmlinux.h made from another
    /// architecture's BTF.
    std::string_view registers;
    /// A member of its kernel's registers that no other architecture's have: "orig_ax".
    std::string_view mark;
};

/// By any of its names. A usage error for a big-endian, 32-bit or unknown one says why and lists those that
/// there are.
Result<const Architecture*> find_architecture(std::string_view name);

/// The one that programs with this e_machine are for; null if there is none here.
const Architecture* architecture_of_elf(std::uint16_t machine);

/// "x86, arm64, ...": every one there is.
std::string architecture_names();

/// The one that this runs on.
const Architecture& host_architecture();

/// Which kernel an object is for.
struct KernelTarget {
    const Architecture* architecture = &host_architecture();
    /// Of a kernel of that architecture. Without it, vmlinux.h has the running kernel's types with the
    /// architecture's registers; CO-RE fits the object to the kernel that it is loaded into.
    std::optional<std::filesystem::path> btf;
};

/// Everything that an architecture may call its registers.
inline constexpr std::array<const char*, 3> register_types = {"pt_regs", "user_pt_regs", "user_regs_struct"};

/// The one whose kernel is said by `header`, a vmlinux.h with `register_types`; null if it has none or
/// others.
const Architecture* architecture_of(std::string_view header);

/// `header`, made from the BTF of a kernel of another architecture, for `target`: with that one's registers.
/// What the header itself says of registers gets another name.
std::string with_registers_of(const Architecture& target, std::string_view header);

} // namespace ecc
