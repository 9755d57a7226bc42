#include "packager/oci/manifest_links.h"

#include "packager/json.h"
#include "packager/oci/image_manifest.h"

#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

Result<ManifestLinks> links_of_image(const StoredManifest& manifest, const std::string& where) {
    ECC_TRY(auto image, image_manifest_from_json(manifest.text, manifest.media_type, where));
    ManifestLinks links{.blobs = {image.config},
                        .subject = image.subject,
                        .artifact_type =
                            image.artifact_type.empty() ? image.config.media_type : image.artifact_type,
                        .annotations = image.annotations};
    links.blobs.insert(links.blobs.end(), image.layers.begin(), image.layers.end());
    return links;
}

Result<ManifestLinks> links_of_index(const StoredManifest& manifest, const std::string& where) {
    ECC_TRY(auto index, image_index_from_json(manifest.text, manifest.media_type, where));
    return ManifestLinks{.manifests = std::move(index.manifests),
                         .subject = std::move(index.subject),
                         .artifact_type = std::move(index.artifact_type),
                         .annotations = std::move(index.annotations)};
}

/// The manifest of release candidates of the specification; registries still hold some.
Result<ManifestLinks> links_of_artifact(const StoredManifest& manifest, const std::string& where) {
    ECC_TRY(const json document, manifest_document(manifest.text, manifest.media_type, where));
    ManifestLinks links{.artifact_type = string_at(document, "artifactType"),
                        .annotations = strings_at(document, "annotations")};
    ECC_TRY(links.subject, subject_from_json(document, where));
    const json blobs = document.value("blobs", json::array());
    if (!blobs.is_array())
        return input_error(where, "the manifest has no array of blobs");
    for (const json& blob : blobs) {
        ECC_TRY(auto descriptor, descriptor_from_json(blob, where));
        links.blobs.push_back(std::move(descriptor));
    }
    return links;
}

struct Kind {
    std::string_view media_type;
    Result<ManifestLinks> (*links)(const StoredManifest&, const std::string&);
};

constexpr Kind kinds[] = {
    {media_type::image_manifest, links_of_image},       {media_type::docker_manifest, links_of_image},
    {media_type::image_index, links_of_index},          {media_type::docker_list, links_of_index},
    {media_type::artifact_manifest, links_of_artifact},
};

} // namespace

Result<ManifestLinks> manifest_links(const StoredManifest& manifest, const std::string& where) {
    for (const Kind& kind : kinds)
        if (kind.media_type == manifest.media_type)
            return kind.links(manifest, where);
    return input_error(where, fmt::format("is no OCI manifest; found {}", manifest.media_type));
}

std::string own_media_type(std::string_view text) {
    const json document = parse_json(text);
    if (!document.is_object())
        return {};
    if (document.contains("mediaType"))
        return string_at(document, "mediaType");
    if (document.contains("manifests"))
        return std::string(media_type::image_index);
    return document.contains("layers") ? std::string(media_type::image_manifest) : std::string();
}

Descriptor referrer_entry(const Descriptor& manifest, const ManifestLinks& links) {
    Descriptor entry = manifest;
    entry.artifact_type = links.artifact_type;
    entry.annotations = links.annotations;
    return entry;
}

std::optional<Descriptor> subject_of(const StoredManifest& manifest) {
    auto links = manifest_links(manifest, "");
    return links ? links->subject : std::nullopt;
}

} // namespace ecc
