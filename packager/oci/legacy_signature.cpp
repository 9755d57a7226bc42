#include "packager/oci/legacy_signature.h"

#include "packager/json.h"
#include "packager/oci/image_config.h"
#include "packager/oci/referrers.h"
#include "packager/oci/transfer.h"
#include "support/base64.h"

#include <algorithm>

namespace ecc {
namespace {

using nlohmann::json;

constexpr const char* signature_annotation = "dev.cosignproject.cosign/signature";
constexpr const char* payload_kind = "cosign container image signature";

std::string payload_for(const Reference& reference, const std::string& digest) {
    return json_text({{"critical",
                       {{"identity", {{"docker-reference", reference.location()}}},
                        {"image", {{"docker-manifest-digest", digest}}},
                        {"type", payload_kind}}},
                      {"optional", nullptr}});
}

/// One for each signature.
Result<std::vector<Descriptor>> layers_of(const std::optional<StoredManifest>& manifest,
                                          const std::string& tag) {
    if (!manifest)
        return std::vector<Descriptor>{};
    ECC_TRY(auto image, image_manifest_from_json(manifest->text, manifest->media_type, tag));
    return std::move(image.layers);
}

/// The image of these signatures; its config is stored.
Result<StoredManifest> store_image_of(Store& store, std::vector<Descriptor> layers) {
    ImageManifest image{.layers = std::move(layers)};
    ImageConfig config;
    for (const Descriptor& layer : image.layers)
        config.diff_ids.push_back(layer.digest);
    const Blob blob = make_image_config(config);
    ECC_CHECK(put_missing_blob(store, blob.descriptor, *blob.content, {}));
    image.config = blob.descriptor;
    return StoredManifest{std::string(media_type::image_manifest), image_manifest_to_json(image)};
}

const json& member(const json& object, const char* name) {
    static const json nothing;
    auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

} // namespace

std::string legacy_signature_tag(const std::string& digest) {
    return fallback_tag(digest) + ".sig";
}

Result<Descriptor> sign_legacy(Store& store, const Reference& reference, const PrivateKey& key,
                               const std::string& digest) {
    const std::string payload = payload_for(reference, digest);
    ECC_TRY(const Bytes signature, key.sign(as_bytes(payload)));
    Blob layer = make_blob(simple_signing_media_type, payload);
    layer.descriptor.annotations[signature_annotation] = to_base64(signature);
    ECC_CHECK(put_missing_blob(store, layer.descriptor, *layer.content, {}));
    const std::string tag = legacy_signature_tag(digest);
    const auto is_signed = [&](const Descriptor& other) {
        return other.digest == layer.descriptor.digest &&
               verify_legacy_signature(other, payload, key.public_key(), digest);
    };
    Descriptor carrier;
    using Image = std::optional<StoredManifest>;
    ECC_CHECK(store.revise_manifest(tag, [&](const Image& stored) -> Result<Image> {
        ECC_TRY(auto layers, layers_of(stored, tag));
        if (std::ranges::any_of(layers, is_signed)) {
            carrier = stored->descriptor();
            return std::nullopt;
        }
        layers.push_back(layer.descriptor);
        ECC_TRY(auto image, store_image_of(store, std::move(layers)));
        carrier = image.descriptor();
        return image;
    }));
    return carrier;
}

Result<void> verify_legacy_signature(const Descriptor& layer, std::string_view payload, const PublicKey& key,
                                     const std::string& digest) {
    auto encoded = layer.annotations.find(signature_annotation);
    const auto signature = from_base64(encoded == layer.annotations.end() ? "" : encoded->second);
    if (!signature || signature->empty())
        return input_error("", "a layer has no signature in base64");
    if (!key.verifies(as_bytes(payload), *signature))
        return input_error("", "the signature is not by this key, or what it signed was changed");
    const json document = parse_json(payload);
    const json& critical = member(document, "critical");
    if (!critical.is_object() || string_at(critical, "type") != payload_kind)
        return input_error("", "the signed payload is of another kind");
    const json& image = member(critical, "image");
    if (!image.is_object() || string_at(image, "docker-manifest-digest") != digest)
        return input_error("", "the signature is for another digest");
    return {};
}

} // namespace ecc
