// Whether a manifest says of its objects what they are. A package that looks harmless in a registry and is
// not must not run.
#pragma once

#include "packager/package/manifest.h"
#include "packager/package/object_facts.h"

#include <span>

namespace ecc {

/// An input error that lists what the manifest leaves out, invents, or describes otherwise: programs with
/// type and section, maps with type and sizes, and whether objects act on the system. `objects` are those for
/// one architecture.
Result<> check_manifest(const Manifest& manifest, std::span<const ObjectFacts> objects,
                        const std::string& where);

} // namespace ecc
