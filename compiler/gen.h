// Text for `ecc gen`. In: BPF C, a BPF object or a BTF blob, told apart by their bytes. Out: a skeleton,
// types or vmlinux.h.
#pragma once

#include "compiler/architecture.h"
#include "compiler/build_log.h"
#include "compiler/compiler_flags.h"
#include "skelgen/render.h"
#include "support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ecc {

enum class GenKind : std::uint8_t { skeleton, types, vmlinux };

struct GenOptions {
    GenKind kind = GenKind::skeleton;
    std::filesystem::path input; ///< "-" is standard input
    std::filesystem::path base; ///< BTF that the input's adds to, if it is split BTF; empty: it is not
    CompilerFlags flags;
    KernelTarget target;
    Language language = Language::c; ///< of skeletons and types
    TypesOptions types;
    std::vector<std::string> opaque_types; ///< records that become bytes
};

Result<std::string> generate(const GenOptions& options, BuildLog& log);

} // namespace ecc
