// Pull over any store. In: a reference. Out: the checked bytes. (Push: artifact.h, format.h.)
// Nothing is believed: manifests and blobs are compared with the digests and sizes that name them.
#pragma once

#include "packager/oci/store.h"
#include "packager/oci/wasm_artifact.h"

namespace ecc {

inline constexpr std::uint64_t max_layer_size = 256u << 20;

/// The manifest that the reference names; an input error if it is not the one of the reference's digest.
Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference);

/// Stores the blob unless it is there.
Result<void> put_missing_blob(Store& store, const Descriptor& blob, const BlobSource& content,
                              const Progress& progress);

struct FoundArtifact {
    Descriptor named; ///< what the reference names: the manifest, or the index that lists it
    Descriptor manifest;
    Descriptor layer; ///< the Wasm module
};

/// Reads and checks the manifest; of an index, that of its entry for Wasm. An input error if the tag is
/// unknown or this is no Wasm artifact.
Result<FoundArtifact> find_artifact(Store& store, const Reference& reference);

/// Gives a blob's bytes to `sink`. The sink must throw away what it took if this fails: only at the end is
/// the digest known. A wrong digest or size is an input error.
Result<void> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer, const Sink& sink,
                         const Progress& progress);

/// The same, into memory.
Result<Bytes> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer,
                          const Progress& progress);

} // namespace ecc
