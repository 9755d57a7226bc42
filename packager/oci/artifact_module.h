// The Wasm module of an artifact, in each of the formats that hold one (format.h), ours or another tool's: a
// layer that is the module, or an image whose last layer has the file that the image starts.
#pragma once

#include "packager/oci/transfer.h"

namespace ecc {

struct FoundArtifact {
    Descriptor named; ///< what the reference names: the manifest, or the index that lists it
    Descriptor manifest;
    Descriptor layer;   ///< the Wasm module, or what it is packed in
    std::string member; ///< the module's path in a layer that is a tar file; empty: the layer is the module
    std::vector<Descriptor> other_layers; ///< of an image: a runtime, the base system
};

/// Reads and checks the manifest; of an index, that of its entry for the platform, or else for Wasm, or else
/// its first. An input error if the tag is unknown, nothing is for the platform (platform_choice.h), or this
/// holds no Wasm module.
Result<FoundArtifact> find_artifact(Store& store, const Reference& reference,
                                    const std::optional<Platform>& platform = {});

/// Gives the module's bytes to `sink` and returns their digest. An input error if they are not what the
/// digests say, if the layer does not have the file, or if it is no WebAssembly; the sink must then throw
/// away what it took.
Result<std::string> fetch_module(Store& store, const Reference& reference, const FoundArtifact& artifact,
                                 const Sink& sink, const Progress& progress);

/// The digest of the module's bytes; fetches them only if they are packed.
Result<std::string> module_digest(Store& store, const Reference& reference, const FoundArtifact& artifact);

/// An input error if what `place` holds has another digest than the package that is meant.
Result<void> check_package(const Reference& place, const std::string& digest, const std::string& expected);

/// Everything that `found`, which the reference names, stands for: itself, or of an index each that it lists,
/// with its platform (index_entries). An input error if one of them holds no Wasm module.
Result<std::vector<FoundArtifact>> find_all_artifacts(Store& store, const Reference& reference,
                                                      const FoundArtifact& found);

struct LayerFile {
    std::string path;
    std::string digest;
    std::string platform; ///< "linux/arm64", of an image in an index that says it
};

/// What else is in images of what the reference names: the files of the other layers, in their order. An
/// input error if those are more than PathBudget takes.
Result<std::vector<LayerFile>> other_files(Store& store, const Reference& reference,
                                           const std::vector<FoundArtifact>& images);

} // namespace ecc
