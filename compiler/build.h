// How a package comes about: `build` reads top to bottom as the list of its steps.
#pragma once

#include "compiler/architecture.h"
#include "compiler/build_log.h"
#include "compiler/compiler_flags.h"
#include "compiler/dependencies.h"
#include "support/diagnostics.h"
#include "support/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace ecc {

struct BuildOptions {
    std::vector<std::filesystem::path>
        sources; ///< .bpf.c files and the user part's .c and .cpp files, in any order
    std::optional<std::filesystem::path> guest; ///< a cargo or Go module folder as the user part
    CompilerFlags flags;
    std::vector<std::string> opaque_types;                ///< records that become bytes
    std::vector<KernelTarget> targets = {KernelTarget{}}; ///< an object for each; at least one
    std::optional<std::filesystem::path>
        output; ///< "-": standard output; else STEM.wasm in the current folder
    std::optional<DependencyOptions> dependencies; ///< also writes what make needs to know
    std::optional<std::filesystem::path> record;   ///< also writes what went into it (record/build_record.h)
    bool save_temps = false; ///< leaves the object and the generated sources in NAME.temps beside the output
};

/// Writes the package, or nothing. Our own warnings and notes go to `diagnostics`, the compilers' to `log`.
Result<void> build(const BuildOptions& options, BuildLog& log, const Diagnostics& diagnostics);

} // namespace ecc
