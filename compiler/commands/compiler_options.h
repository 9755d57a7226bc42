// The options that `ecc build` and `ecc gen` share: what reaches clang.
#pragma once

#include "compiler/compiler_flags.h"

#include <CLI/CLI.hpp>

namespace ecc {

void add_compiler_options(CLI::App& app, CompilerFlags& flags);
void add_btf_option(CLI::App& app, std::string& btf);

} // namespace ecc
