// Manifests and blobs out of any store. In: a reference. Out: the checked bytes. (The module of an artifact:
// artifact_module.h. Push: artifact.h, format.h.)
// Nothing is believed: manifests and blobs are compared with the digests and sizes that name them.
#pragma once

#include "packager/oci/store.h"

namespace ecc {

inline constexpr std::uint64_t max_layer_size = 256u << 20;

/// The manifest that the reference names; an input error if it is not the one of the reference's digest, or
/// if it could be read as manifests of two kinds.
Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference);

/// The same; nothing if the store has none.
Result<std::optional<StoredManifest>> find_manifest(Store& store, const Reference& reference);

/// Stores the blob unless it is there.
Result<void> put_missing_blob(Store& store, const Descriptor& blob, const BlobSource& content,
                              const Progress& progress);

/// Gives a blob's bytes to `sink`. The sink must throw away what it took if this fails: only at the end is
/// the digest known. A wrong digest or size is an input error.
Result<void> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer, const Sink& sink,
                         const Progress& progress);

/// The same, into memory.
Result<Bytes> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer,
                          const Progress& progress);

} // namespace ecc
