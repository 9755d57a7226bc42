// The options that `ecc build` and `ecc gen` share: what reaches clang.
#pragma once

#include "compiler/architecture.h"
#include "compiler/compiler_flags.h"

#include <CLI/CLI.hpp>

namespace ecc {

void add_compiler_options(CLI::App& app, CompilerFlags& flags);

/// --arch and --btf as they were given.
struct TargetArguments {
    std::vector<std::string> architectures;
    std::vector<std::string> btf; ///< "FILE" or "ARCH=FILE"
};

void add_target_options(CLI::App& app, TargetArguments& arguments);
/// In the order of --arch, at least one. A usage error for an architecture that is unknown, or not among
/// these.
Result<std::vector<KernelTarget>> find_targets(const TargetArguments& arguments);

} // namespace ecc
