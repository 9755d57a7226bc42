// The kernel part: BPF C to one BPF object. In: .bpf.c files and the user's compiler options. Out: an ELF
// that plain libbpf and bpftool load, without DWARF, with BTF, and what the source says beyond it.
//
// clang compiles each file for target bpf (-O2 -g, cpu v3); libbpf's linker joins them.
#pragma once

#include "compiler/build_log.h"
#include "compiler/compiler_flags.h"
#include "compiler/dependencies.h"
#include "compiler/resources.h"
#include "compiler/source_file.h"
#include "compiler/vmlinux_source.h"
#include "skelgen/annotations.h"

namespace ecc {

struct KernelPartOptions {
    CompilerFlags flags;
    KernelTarget target;
};

struct KernelPart {
    Bytes object;
    Annotations annotations;
    std::string btf_digest;    ///< of the BTF that vmlinux.h was made from; empty if none was needed
    Dependencies dependencies; ///< sources, their headers, and a file of BTF
};

/// An input error if a file does not compile; clang's diagnostics are then in the log already.
Result<KernelPart> compile_kernel_part(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources,
                                       BuildLog& log);

/// The vmlinux.h that `sources` see if they have none of their own.
Result<std::string> cut_vmlinux_header(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources);
} // namespace ecc
