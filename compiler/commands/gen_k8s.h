// `ecc gen k8s`, the part of `ecc gen` that works on packages.
#pragma once

#include "compiler/commands/command.h"

namespace ecc {

CommandBody define_gen_k8s(CLI::App& app, const Diagnostics& diagnostics);

} // namespace ecc
