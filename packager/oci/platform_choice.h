// One manifest out of several: what `--platform` asks for.
#pragma once

#include "packager/oci/store.h"

#include <optional>

namespace ecc {

/// Of an index, the first manifest that it lists for this platform; anything else is taken as it is if its
/// config says that it is for this platform, as oras does. An input error lists the platforms that there are.
Result<StoredManifest> choose_manifest(Store& store, const Reference& reference, StoredManifest named,
                                       const Platform& platform);

/// The manifest that the reference names or, with a platform, the one of it.
Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference,
                                      const std::optional<Platform>& platform);

/// What describes that manifest: of an index its entry, with platform and annotations.
Result<Descriptor> find_descriptor(Store& store, const Reference& reference,
                                   const std::optional<Platform>& platform);

} // namespace ecc
