// `ecc manifest index create REF SOURCE...`, the part of `ecc manifest` that makes indexes.
#pragma once

#include "compiler/commands/registry_options.h"

namespace ecc {

struct IndexArguments {
    std::string reference;
    std::vector<std::string> sources; ///< tags and digests in the same place
    std::vector<std::string> annotations;
    RegistryOptions registry;
};

/// Stores an index of the sources' manifests, each with the platform that its config names. An input error if
/// two are for the same.
CommandResult create_index(const IndexArguments& arguments);

} // namespace ecc
