// The manifest of an artifact (OCI image specification 1.1, manifest.md): a config, layers, annotations.
#pragma once

#include "packager/oci/descriptor.h"

#include <vector>

namespace ecc {

inline constexpr std::size_t max_image_manifest_size = 4u << 20; ///< the least that registries must take

struct ImageManifest {
    Descriptor config;
    std::vector<Descriptor> layers;
    AnnotationMap annotations;
    std::string artifact_type;         ///< what the artifact is, if its config does not say it
    std::optional<Descriptor> subject; ///< the manifest that this one refers to
    bool operator==(const ImageManifest&) const = default;
};

/// Sorted keys, no white space: the same manifest is always the same bytes and so the same digest.
std::string image_manifest_to_json(const ImageManifest& manifest);

/// The document of a manifest of any media type, known or not: an object that calls itself what it was served
/// as, if it says so, and that has members of one kind of manifest only.
Result<nlohmann::json> unambiguous_document(std::string_view text, std::string_view content_type,
                                            const std::string& where);

/// The same for those that are read: of schema version 2.
Result<nlohmann::json> manifest_document(std::string_view text, std::string_view content_type,
                                         const std::string& where);

/// What such a document refers to; nothing if it has no such member.
Result<std::optional<Descriptor>> subject_from_json(const nlohmann::json& document, const std::string& where);

/// An input error if it is not a manifest of schema version 2, or if its own mediaType is not `content_type`.
Result<ImageManifest> image_manifest_from_json(std::string_view text, std::string_view content_type,
                                               const std::string& where);

} // namespace ecc
