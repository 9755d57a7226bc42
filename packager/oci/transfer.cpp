#include "packager/oci/transfer.h"

#include "packager/oci/checked_sink.h"
#include "packager/oci/image_index.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

bool is_image(const StoredManifest& manifest) {
    return manifest.media_type == media_type::image_manifest ||
           manifest.media_type == media_type::docker_manifest;
}

/// The entry of an index that is for Wasm, or the only one.
Result<std::optional<Descriptor>> wasm_entry(const StoredManifest& manifest, const std::string& where) {
    if (manifest.media_type != media_type::image_index && manifest.media_type != media_type::docker_list)
        return std::nullopt;
    ECC_TRY(auto index, image_index_from_json(manifest.text, manifest.media_type, where));
    auto for_wasm = std::ranges::find_if(index.manifests, [](const Descriptor& entry) {
        return entry.platform && entry.platform->architecture == "wasm";
    });
    if (for_wasm != index.manifests.end())
        return *for_wasm;
    return index.manifests.size() == 1 ? std::optional(index.manifests[0]) : std::nullopt;
}

} // namespace

Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference) {
    ECC_TRY(auto stored, store.get_manifest(reference.selector()));
    if (std::string found = stored.descriptor().digest;
        !reference.digest.empty() && found != reference.digest)
        return wrong_digest(reference.text(), "manifest", found, reference.digest);
    return stored;
}

Result<void> put_missing_blob(Store& store, const Descriptor& blob, const BlobSource& content,
                              const Progress& progress) {
    ECC_TRY(bool present, store.has_blob(blob));
    if (present)
        return {};
    return store.put_blob(blob, content, progress);
}

Result<FoundArtifact> find_artifact(Store& store, const Reference& reference) {
    const std::string where = reference.text();
    ECC_TRY(auto stored, fetch_manifest(store, reference));
    const Descriptor named = stored.descriptor();
    ECC_TRY(auto entry, wasm_entry(stored, where));
    if (entry) {
        ECC_TRY(stored, fetch_manifest(store, reference.at(entry->digest)));
    }
    if (!is_image(stored))
        return input_error(where, fmt::format("is not a Wasm artifact; found {}", stored.media_type),
                           "name an artifact that `ecc push` or another Wasm tool stored");
    ECC_TRY(auto image, image_manifest_from_json(stored.text, stored.media_type, where));
    ECC_TRY(auto layer, wasm_layer_of(image, where));
    if (layer.size > max_layer_size)
        return input_error(where, fmt::format("the layer has {} MiB; at most {} MiB are read",
                                              layer.size >> 20, max_layer_size >> 20));
    return FoundArtifact{named, stored.descriptor(), std::move(layer)};
}

Result<void> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer, const Sink& sink,
                         const Progress& progress) {
    const std::string where = reference.text();
    CheckedSink checked(where, layer, sink, progress);
    ECC_CHECK(store.get_blob(layer, [&](ByteView bytes) { return checked.take(bytes); }));
    return checked.finish();
}

Result<Bytes> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer,
                          const Progress& progress) {
    if (layer.size > max_layer_size)
        return input_error(reference.text(),
                           fmt::format("{} has {} MiB; at most {} MiB are read", layer.digest,
                                       layer.size >> 20, max_layer_size >> 20));
    Bytes content;
    const Sink append = [&](ByteView bytes) -> Result<void> {
        content.insert(content.end(), bytes.begin(), bytes.end());
        return {};
    };
    ECC_CHECK(fetch_layer(store, reference, layer, append, progress));
    return content;
}

} // namespace ecc
