#include "packager/oci/image_manifest.h"

#include "packager/json.h"

#include <fmt/format.h>

namespace ecc {

using nlohmann::json;

std::string image_manifest_to_json(const ImageManifest& manifest) {
    json layers = json::array();
    for (const Descriptor& layer : manifest.layers)
        layers.push_back(descriptor_to_json(layer));
    json document = {{"schemaVersion", 2},
                     {"mediaType", media_type::image_manifest},
                     {"config", descriptor_to_json(manifest.config)},
                     {"layers", std::move(layers)}};
    if (!manifest.annotations.empty())
        document["annotations"] = manifest.annotations;
    if (!manifest.artifact_type.empty())
        document["artifactType"] = manifest.artifact_type;
    if (manifest.subject)
        document["subject"] = descriptor_to_json(*manifest.subject);
    return json_text(document);
}

namespace {

/// The members that only one kind of manifest has.
constexpr std::pair<const char*, const char*> own_members[] = {
    {"config", "an image"},    {"layers", "an image"},   {"fsLayers", "an image"},
    {"manifests", "an index"}, {"blobs", "an artifact"},
};

/// Else one signed digest has two contents: which one is read hangs on a media type outside of what is signed
/// (CVE-2021-41190).
Result<void> check_of_one_kind(const json& document, const std::string& where) {
    std::string_view first;
    for (const auto& [member, kind] : own_members) {
        if (!document.contains(member))
            continue;
        if (!first.empty() && first != kind)
            return input_error(
                where, fmt::format("the manifest is ambiguous: it has members of {} and of {}", first, kind),
                "do not trust it, nor where it comes from");
        first = kind;
    }
    return {};
}

} // namespace

Result<json> unambiguous_document(std::string_view text, std::string_view content_type,
                                  const std::string& where) {
    json document = parse_json(text);
    if (!document.is_object())
        return input_error(where,
                           fmt::format("the manifest {}; found {}",
                                       document.is_discarded() ? json_mistake(text) : "is not a JSON object",
                                       content_type));
    std::string own_type = string_at(document, "mediaType");
    if (!own_type.empty() && own_type != content_type)
        return input_error(where, fmt::format("the manifest calls itself {}, but it was served as {}",
                                              own_type, content_type));
    ECC_CHECK(check_of_one_kind(document, where));
    return document;
}

Result<json> manifest_document(std::string_view text, std::string_view content_type,
                               const std::string& where) {
    ECC_TRY(json document, unambiguous_document(text, content_type, where));
    if (document.value("schemaVersion", json()) != 2 && content_type != media_type::artifact_manifest)
        return input_error(where, "the manifest is not of schemaVersion 2");
    return document;
}

Result<std::optional<Descriptor>> subject_from_json(const json& document, const std::string& where) {
    const auto subject = document.find("subject");
    if (subject == document.end() || subject->is_null())
        return std::nullopt;
    return descriptor_from_json(*subject, where);
}

Result<ImageManifest> image_manifest_from_json(std::string_view text, std::string_view content_type,
                                               const std::string& where) {
    ECC_TRY(const json document, manifest_document(text, content_type, where));
    ImageManifest manifest{.annotations = strings_at(document, "annotations"),
                           .artifact_type = string_at(document, "artifactType")};
    ECC_TRY(manifest.subject, subject_from_json(document, where));
    ECC_TRY(manifest.config, descriptor_from_json(document.value("config", json()), where));
    const json layers = document.value("layers", json());
    if (!layers.is_array())
        return input_error(where, "the manifest has no array of layers");
    for (const json& layer : layers) {
        ECC_TRY(auto descriptor, descriptor_from_json(layer, where));
        manifest.layers.push_back(std::move(descriptor));
    }
    return manifest;
}

} // namespace ecc
