// Options about compiling, in the spelling of clang.
#pragma once

#include "compiler/architecture.h"
#include "compiler/compiler_flags.h"
#include "compiler/dependencies.h"

#include <CLI/CLI.hpp>

namespace ecc {

void add_compiler_options(CLI::App& app, CompilerFlags& flags);

/// -MD and what goes with it, as it was given.
struct DependencyArguments {
    bool all = false, own = false, phony = false;
    std::string file;
    std::vector<std::string> targets, quoted_targets;
};

void add_dependency_options(CLI::App& app, DependencyArguments& arguments);
/// Nothing without -MD and -MMD; a usage error if only what goes with them is there.
Result<std::optional<DependencyOptions>> find_dependency_options(const DependencyArguments& arguments);

/// --allow-opaque.
void add_opaque_option(CLI::App& app, std::vector<std::string>& types);

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
