// The kernel part: BPF C to one BPF object. In: .bpf.c files and the user's compiler options. Out: an ELF
// that plain libbpf and bpftool load, without DWARF, with BTF, and what the source says beyond it.
//
// clang compiles each file for target bpf (-O2 -g, cpu v3); libbpf's linker joins them.
#pragma once

#include "compiler/build_log.h"
#include "compiler/compiler_flags.h"
#include "compiler/resources.h"
#include "compiler/source_file.h"
#include "compiler/vmlinux_source.h"
#include "skelgen/annotations.h"

#include <optional>

namespace ecc {

struct KernelPartOptions {
    CompilerFlags flags;
    std::optional<std::filesystem::path> btf; ///< --btf; else the running kernel's
};

struct KernelPart {
    Bytes object;
    Annotations annotations;
    std::shared_ptr<const VmlinuxSource> vmlinux;

    /// Of the BTF that vmlinux.h was made from; empty if none was needed. Waits for the hash, which runs
    /// meanwhile.
    std::string btf_digest() const { return vmlinux->digest(); }
};

/// An input error if a file does not compile; clang's diagnostics are then in the log already.
Result<KernelPart> compile_kernel_part(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources,
                                       BuildLog& log);

/// The vmlinux.h that `sources` see if they have none of their own.
Result<std::string> cut_vmlinux_header(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources);

/// __TARGET_ARCH_ and ecc.bpf's name of the machine that this runs on: "x86", "arm64", "riscv".
std::string host_architecture();

} // namespace ecc
