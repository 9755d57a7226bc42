// What a manifest of any kind points at. Copying, deleting and discovering need no more than this.
#pragma once

#include "packager/oci/image_index.h"
#include "packager/oci/store.h"

namespace ecc {

struct ManifestLinks {
    std::vector<Descriptor> manifests; ///< of an index
    std::vector<Descriptor> blobs;     ///< config and layers
    std::optional<Descriptor> subject;
    std::string artifact_type; ///< of the referrers API: artifactType, or else the config's media type
    AnnotationMap annotations;
};

/// An input error if the media type is none of OCI's and docker's, or the document is malformed.
Result<ManifestLinks> manifest_links(const StoredManifest& manifest, const std::string& where);

/// What a manifest says it is, or, as it need not say so, what its members make it; empty if it is none.
std::string own_media_type(std::string_view text);

/// The entry of a referrers list for this manifest (distribution specification 1.1, "Listing Referrers").
Descriptor referrer_entry(const Descriptor& manifest, const ManifestLinks& links);

/// The subject of a manifest; nothing if it has none or is malformed.
std::optional<Descriptor> subject_of(const StoredManifest& manifest);

} // namespace ecc
