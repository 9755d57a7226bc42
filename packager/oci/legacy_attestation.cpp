#include "packager/oci/legacy_attestation.h"

#include "packager/oci/referrers.h"
#include "packager/oci/transfer.h"
#include "packager/package/signed_manifest.h"

#include <ranges>

namespace ecc {
namespace {

constexpr std::string_view envelope_media_type = "application/vnd.dsse.envelope.v1+json";
constexpr const char* type_annotation = "predicateType";

bool may_be_of_type(const Descriptor& layer, std::string_view predicate_type) {
    const auto type = layer.annotations.find(type_annotation);
    return layer.media_type == envelope_media_type &&
           (type == layer.annotations.end() || type->second == predicate_type);
}

/// Takes the envelope's size from `left`.
Result<std::string> fetch_envelope(Store& store, const Reference& reference, const Descriptor& layer,
                                   std::uint64_t& left) {
    if (layer.size > max_bundle_size)
        return input_error(layer.digest, "is a DSSE envelope of more than 1 MiB");
    if (layer.size > left)
        return input_error(layer.digest, beyond_the_first_bytes);
    left -= layer.size;
    ECC_TRY(const auto envelope, fetch_layer(store, reference, layer, {}));
    return std::string(as_text(envelope));
}

} // namespace

Result<void> for_each_legacy_attestation(Store& store, const Reference& reference, const std::string& subject,
                                         std::string_view predicate_type, const BundleVisitor& visit) {
    ECC_TRY(const auto manifest, find_manifest(store, reference.tagged(fallback_tag(subject) + ".att")));
    if (!manifest)
        return {};
    const std::string digest = manifest->descriptor().digest;
    auto image = image_manifest_from_json(manifest->text, manifest->media_type, digest);
    if (!image) {
        ECC_CHECK(visit(digest, std::unexpected(image.error())));
        return {};
    }
    std::erase_if(image->layers,
                  [&](const Descriptor& layer) { return !may_be_of_type(layer, predicate_type); });
    std::uint64_t left = max_bundles_size;
    for (const Descriptor& layer : image->layers | std::views::take(max_signatures)) {
        ECC_TRY(const bool more, visit(digest, fetch_envelope(store, reference, layer, left)));
        if (!more)
            return {};
    }
    if (image->layers.size() > max_signatures)
        ECC_CHECK(visit(digest, only_the_first_were_seen(image->layers.size())));
    return {};
}

} // namespace ecc
