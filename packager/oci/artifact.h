// An artifact as a whole, ready to be stored: its manifest and the content of everything that the manifest
// names.
#pragma once

#include "packager/oci/image_manifest.h"
#include "packager/oci/parallel.h"
#include "packager/oci/store.h"

namespace ecc {

struct Blob {
    Descriptor descriptor;
    std::shared_ptr<const BlobSource> content;
};

/// A blob that owns its bytes.
Blob make_blob(std::string_view media_type, Bytes content);
Blob make_blob(std::string_view media_type, std::string_view content);

/// The bytes "{}" that stand for a config.
Blob empty_blob();

struct Artifact {
    Blob config;
    std::vector<Blob> layers;
    AnnotationMap annotations;
    std::string artifact_type;
    std::optional<Descriptor> subject;

    ImageManifest manifest() const;
};

struct PushOptions {
    unsigned concurrency = default_concurrency;
    Progress progress;
};

/// Stores blobs that are not there yet, then the manifest. If `reference` has a digest, it must be the one
/// that results.
Result<Descriptor> push_artifact(Store& store, const Reference& reference, const Artifact& artifact,
                                 const PushOptions& options);

/// What a referrer says about its subject: no more than needed to find it.
Descriptor as_subject(const Descriptor& manifest);

/// Files as layers of an artifact, as oras stores them: the name as title. `media_type` is used where
/// `FILE:TYPE` has none.
Result<Blob> file_blob(const std::string& file_and_type, std::string_view media_type);

} // namespace ecc
