// A manifest as an entry of an index: with the platform that its config names, by which clients choose.
#pragma once

#include "packager/oci/store.h"

namespace ecc {

/// What a manifest says of its config. An input error if it is an index, which has none.
Result<Descriptor> config_of(const Reference& reference, const StoredManifest& manifest);

/// The config of a manifest, which is JSON in images and Wasm artifacts. An input error if there is none, or
/// if it is larger than a manifest may be.
Result<Bytes> fetch_config(Store& store, const Reference& reference, const StoredManifest& manifest);

/// What the config of an image or Wasm artifact says it is for; nothing if it does not say so.
Result<std::optional<Platform>> fetch_platform(Store& store, const Reference& reference,
                                               const StoredManifest& manifest);

/// Without a platform if there is no config that names one, as for an index in an index.
Result<Descriptor> index_entry(Store& store, const Reference& reference);

/// What the reference names, as such an entry, or the entries of the index that it names. An input error if
/// there are more than may all be fetched, or if one is an index again.
Result<std::vector<Descriptor>> index_entries(Store& store, const Reference& reference);

} // namespace ecc
