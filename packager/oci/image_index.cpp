#include "packager/oci/image_index.h"

#include "packager/json.h"
#include "packager/oci/image_manifest.h"

#include <fmt/format.h>

namespace ecc {

using nlohmann::json;

bool is_index(std::string_view media_type) {
    return media_type == media_type::image_index || media_type == media_type::docker_list;
}

std::string image_index_to_json(const ImageIndex& index) {
    json manifests = json::array();
    for (const Descriptor& manifest : index.manifests)
        manifests.push_back(descriptor_to_json(manifest));
    json document = {
        {"schemaVersion", 2}, {"mediaType", media_type::image_index}, {"manifests", std::move(manifests)}};
    if (!index.annotations.empty())
        document["annotations"] = index.annotations;
    if (!index.artifact_type.empty())
        document["artifactType"] = index.artifact_type;
    if (index.subject)
        document["subject"] = descriptor_to_json(*index.subject);
    return json_text(document);
}

Result<ImageIndex> image_index_from_json(std::string_view text, std::string_view content_type,
                                         const std::string& where) {
    ECC_TRY(const json document, manifest_document(text, content_type, where));
    ImageIndex index{.annotations = strings_at(document, "annotations"),
                     .artifact_type = string_at(document, "artifactType")};
    ECC_TRY(index.subject, subject_from_json(document, where));
    const json manifests = document.value("manifests", json(false));
    if (!manifests.is_array() && !manifests.is_null()) // null is Go's array of nothing
        return input_error(where, "the index has no array of manifests");
    if (manifests.size() > max_index_entries)
        return input_error(where, fmt::format("the index lists {} manifests; at most {} are read",
                                              manifests.size(), max_index_entries));
    for (const json& entry : manifests) {
        ECC_TRY(auto descriptor, descriptor_from_json(entry, where));
        index.manifests.push_back(std::move(descriptor));
    }
    return index;
}

} // namespace ecc
