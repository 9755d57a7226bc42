// What the commands that delete have in common.
#pragma once

#include "compiler/commands/registry_options.h"

namespace ecc {

/// A usage error unless --force was given or the terminal says yes.
Result<void> confirm_deletion(const std::string& what, bool force);

/// `ecc delete` and `ecc manifest delete`.
CommandResult delete_manifest(const std::string& reference, bool force, const RegistryOptions& options);

} // namespace ecc
