// What users of clang are used to type, as `ecc`'s own options. In: a command line. Out: one for CLI11.
#pragma once

#include "compiler/compiler_flags.h"
#include "support/result.h"

#include <string>
#include <vector>

namespace ecc {

/// `-std=X`, `-include X`, `-MD`, which CLI11 would read as bundles of short options, become long options;
/// what says how `ecc` compiles anyway (`-g`, `-O2`, `-target bpf`, `-c`) is left out. A usage error, with
/// the way out, for what has no meaning here. Arguments after `--` are left alone.
Result<std::vector<std::string>> read_clang_arguments(std::vector<std::string> arguments);

/// A usage error for a language standard that clang does not have for C or C++.
Result<void> check_standards(const CompilerFlags& flags);

} // namespace ecc
