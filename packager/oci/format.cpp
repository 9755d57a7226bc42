#include "packager/oci/format.h"

#include "packager/oci/image_config.h"
#include "packager/oci/image_index.h"
#include "packager/oci/tar.h"
#include "packager/oci/wasm_artifact.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

const Platform wasm_platform{.os = "wasip1", .architecture = "wasm"};

PackedFormat one(Artifact artifact) {
    return {{{std::move(artifact), wasm_platform}}};
}

Blob package_layer(const FormatInput& input, std::string_view type) {
    Blob layer = make_blob(type, as_text(input.bytes));
    layer.descriptor.annotations[annotation::title] = package_file_name(input.package.manifest);
    return layer;
}

Result<PackedFormat> pack_wasm(const FormatInput& input) {
    std::optional<std::int64_t> created;
    if (input.annotations.contains(annotation::created))
        created = input.created;
    Artifact artifact = make_wasm_artifact(input.bytes, input.package.manifest, created);
    artifact.annotations = input.annotations;
    return one(std::move(artifact));
}

/// Image engines tell images apart by their configs; without a root file system, the label makes the
/// difference.
Result<PackedFormat> pack_runwasi(const FormatInput& input) {
    Blob layer = package_layer(input, media_type::wasm_layer);
    const std::string identity = sha256_digest(as_bytes(layer.descriptor.digest));
    Blob config = make_image_config({.platform = wasm_platform,
                                     .entrypoint = {package_file_name(input.package.manifest)},
                                     .labels = {{"containerd.runwasi.layers", identity}},
                                     .created = input.created});
    return one({.config = std::move(config), .layers = {std::move(layer)}, .annotations = input.annotations});
}

Result<PackedFormat> pack_compat(const FormatInput& input) {
    ECC_TRY(auto layer, make_tar_layer({tar_entry("app.wasm", input.bytes, 0755)}, input.created));
    Blob config = make_image_config({.platform = wasm_platform,
                                     .entrypoint = {"/app.wasm"},
                                     .diff_ids = {layer.diff_id},
                                     .created = input.created});
    AnnotationMap annotations = input.annotations;
    annotations["module.wasm.image/variant"] = "compat";
    return one({.config = std::move(config),
                .layers = {std::move(layer.blob)},
                .annotations = std::move(annotations)});
}

Result<PackedFormat> pack_ecli(const FormatInput& input) {
    return one({.config = make_blob("application/vnd.wasm.config.v1+json", empty_content),
                .layers = {package_layer(input, ecli_media_type)},
                .annotations = input.annotations});
}

constexpr Format all_formats[] = {
    {"wasm", "oras, Wasm runtimes, ecc", pack_wasm},
    {"runwasi", "containerd's runwasi shims", pack_runwasi},
    {"compat", "crun, WasmEdge", pack_compat},
    {"ecli", "ecli and wasm-to-oci", pack_ecli},
    {"bpfman", "bpfman; the kernel part alone", pack_bpfman, false},
    {"container", "podman, docker, Kubernetes; with ecc-run", pack_container},
};

} // namespace

std::span<const Format> formats() {
    return all_formats;
}

Result<const Format*> find_format(std::string_view name) {
    auto found = std::ranges::find(all_formats, name, &Format::name);
    if (found != std::end(all_formats))
        return &*found;
    std::string names;
    for (const Format& format : all_formats)
        names += (names.empty() ? "" : ", ") + std::string(format.name);
    return usage_error(fmt::format("there is no format \"{}\"", name), "use one or more of " + names);
}

Result<Descriptor> push_format(Store& store, const Reference& reference, const PackedFormat& packed,
                               const PushOptions& options) {
    if (!packed.indexed)
        return push_artifact(store, reference, packed.artifacts.front().artifact, options);
    Reference untagged = reference;
    untagged.tag.clear();
    untagged.digest.clear();
    ImageIndex index{.annotations = packed.artifacts.front().artifact.annotations};
    for (const PlatformArtifact& item : packed.artifacts) {
        ECC_TRY(auto manifest, push_artifact(store, untagged, item.artifact, options));
        manifest.platform = item.platform;
        index.manifests.push_back(std::move(manifest));
    }
    const std::string text = image_index_to_json(index);
    const Descriptor descriptor = describe(media_type::image_index, as_bytes(text));
    ECC_CHECK(store.put_manifest(descriptor, text, reference.tag));
    return descriptor;
}

} // namespace ecc
