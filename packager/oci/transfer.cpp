#include "packager/oci/transfer.h"

#include "support/digest.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::string_view damaged_hint =
    "the stored copy is damaged: delete it there and push it again, or pull another tag";

std::unexpected<Error> wrong_digest(const std::string& where, std::string_view what, const std::string& found,
                                    const std::string& expected) {
    return input_error(where, fmt::format("wrong digest: the {} is {}; expected {}", what, found, expected),
                       std::string(damaged_hint));
}

Result<void> put_missing_blob(Store& store, const Descriptor& blob, ByteView content,
                              const Progress& progress) {
    ECC_TRY(bool present, store.has_blob(blob));
    if (present)
        return {};
    return store.put_blob(blob, content, progress);
}

/// Passes bytes on while it counts and hashes them.
class CheckedSink {
public:
    CheckedSink(const std::string& where, const Descriptor& blob, const Sink& sink, const Progress& progress)
        : where_(where), blob_(blob), sink_(sink), progress_(progress) {}

    Result<void> take(ByteView bytes) {
        if (bytes.size() > blob_.size - taken_)
            return input_error(where_, fmt::format("{} has more than the {} bytes that the manifest says",
                                                   blob_.digest, blob_.size));
        taken_ += bytes.size();
        hash_.update(bytes);
        if (progress_)
            progress_(taken_, blob_.size);
        return sink_(bytes);
    }

    Result<void> finish() {
        if (taken_ != blob_.size)
            return input_error(
                where_,
                fmt::format("{} has {} bytes; the manifest says {}", blob_.digest, taken_, blob_.size),
                std::string(damaged_hint));
        if (std::string found = hash_.finish(); found != blob_.digest)
            return wrong_digest(where_, "layer", found, blob_.digest);
        return {};
    }

private:
    const std::string& where_;
    const Descriptor& blob_;
    const Sink& sink_;
    const Progress& progress_;
    Sha256 hash_;
    std::uint64_t taken_ = 0;
};

} // namespace

Result<Descriptor> push(Store& store, const Reference& reference, const WasmArtifact& artifact,
                        ByteView package, const Progress& progress) {
    Descriptor manifest = describe(media_type::image_manifest, as_bytes(artifact.manifest_text));
    if (!reference.digest.empty() && reference.digest != manifest.digest)
        return input_error(reference.text(),
                           fmt::format("the package's manifest has digest {}", manifest.digest),
                           "leave the digest out, or push the package that it names");
    ECC_CHECK(put_missing_blob(store, artifact.manifest.config, as_bytes(artifact.config), {}));
    ECC_CHECK(put_missing_blob(store, artifact.manifest.layers[0], package, progress));
    ECC_CHECK(store.put_manifest(manifest, artifact.manifest_text, reference.tag));
    return manifest;
}

Result<FoundArtifact> find_artifact(Store& store, const Reference& reference) {
    const std::string where = reference.text();
    ECC_TRY(auto stored, store.get_manifest(reference.selector()));
    Descriptor manifest = describe(stored.media_type, as_bytes(stored.text));
    if (!reference.digest.empty() && manifest.digest != reference.digest)
        return wrong_digest(where, "manifest", manifest.digest, reference.digest);
    if (stored.media_type != media_type::image_manifest && stored.media_type != media_type::docker_manifest)
        return input_error(where, fmt::format("is not a Wasm artifact; found {}", stored.media_type),
                           "name an artifact that `ecc push` or another Wasm tool stored");
    ECC_TRY(auto image, image_manifest_from_json(stored.text, stored.media_type, where));
    ECC_TRY(auto layer, wasm_layer_of(image, where));
    if (layer.size > max_layer_size)
        return input_error(where, fmt::format("the layer has {} MiB; at most {} MiB are read",
                                              layer.size >> 20, max_layer_size >> 20));
    return FoundArtifact{std::move(manifest), std::move(layer)};
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
    Bytes content;
    const Sink append = [&](ByteView bytes) -> Result<void> {
        content.insert(content.end(), bytes.begin(), bytes.end());
        return {};
    };
    ECC_CHECK(fetch_layer(store, reference, layer, append, progress));
    return content;
}

} // namespace ecc
