#include "packager/oci/wasm_artifact.h"

#include "packager/json.h"
#include "support/diagnostics.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::size_t max_file_name = 200;

/// The kernel's licence strings ("GPL", "Dual BSD/GPL") are no SPDX expressions, and only those belong in the
/// annotation.
bool looks_like_spdx(std::string_view license) {
    return license.find('-') != license.npos && license.find_first_of("/ \t\n") == license.npos;
}

std::string config_text(const Descriptor& layer, std::int64_t created) {
    return json_text({{"created", rfc3339(created)},
                      {"architecture", "wasm"},
                      {"os", "wasip1"},
                      {"layerDigests", json::array({layer.digest})},
                      {"component", nullptr}});
}

std::string media_types_of(const ImageManifest& manifest) {
    std::string found = "config " + manifest.config.media_type;
    for (const Descriptor& layer : manifest.layers)
        if (found.size() < 400)
            found += ", layer " + layer.media_type;
    return found;
}

} // namespace

AnnotationMap annotations_of(const Manifest& manifest, std::optional<std::int64_t> created) {
    AnnotationMap annotations;
    auto put = [&](const char* key, const std::string& value) {
        if (!value.empty())
            annotations[key] = value;
    };
    put(annotation::title, manifest.name);
    put(annotation::version, manifest.version);
    put(annotation::description, manifest.description);
    if (looks_like_spdx(manifest.license))
        put(annotation::licenses, manifest.license);
    if (created)
        put(annotation::created, rfc3339(*created));
    return annotations;
}

std::string package_file_name(const Manifest& manifest) {
    return safe_file_name(manifest.name + ".wasm", "package.wasm");
}

Artifact make_wasm_artifact(ByteView package, const Manifest& manifest, std::optional<std::int64_t> created) {
    Blob layer = make_blob(media_type::wasm_layer, as_text(package));
    layer.descriptor.annotations[annotation::title] = package_file_name(manifest);
    return {.config = make_blob(media_type::wasm_config, config_text(layer.descriptor, created.value_or(0))),
            .layers = {std::move(layer)},
            .annotations = annotations_of(manifest, created)};
}

Result<Descriptor> wasm_layer_of(const ImageManifest& manifest, const std::string& where) {
    auto is_wasm = [](const Descriptor& layer) { return is_wasm_media_type(layer.media_type); };
    auto count = std::ranges::count_if(manifest.layers, is_wasm);
    if (count != 1)
        return input_error(where,
                           fmt::format("is not a Wasm artifact with one layer {}; found {}",
                                       media_type::wasm_layer, media_types_of(manifest)),
                           "name an artifact that `ecc push` or another Wasm tool stored");
    return *std::ranges::find_if(manifest.layers, is_wasm);
}

std::string safe_file_name(std::string_view title, std::string_view fallback) {
    std::string_view base = title.substr(title.find_last_of("/\\") + 1);
    if (base.empty() || base.front() == '.' || base.front() == '-' || base.size() > max_file_name ||
        printable_line(base) != base)
        base = fallback;
    return base.ends_with(".wasm") ? std::string(base) : std::string(base) + ".wasm";
}

} // namespace ecc
