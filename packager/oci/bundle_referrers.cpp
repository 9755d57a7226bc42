#include "packager/oci/bundle_referrers.h"

#include "packager/oci/source_date.h"
#include "packager/oci/transfer.h"
#include "packager/package/signed_manifest.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <ranges>

namespace ecc {
namespace {

constexpr const char* content_annotation = "dev.sigstore.bundle.content";

/// The one bundle of a referrer's manifest.
Result<Descriptor> bundle_layer(const StoredManifest& manifest, const std::string& where) {
    ECC_TRY(auto image, image_manifest_from_json(manifest.text, manifest.media_type, where));
    auto is_bundle = [](const Descriptor& layer) { return layer.media_type == bundle_media_type; };
    if (std::ranges::count_if(image.layers, is_bundle) != 1)
        return input_error(where, "does not have exactly one bundle");
    Descriptor layer = *std::ranges::find_if(image.layers, is_bundle);
    if (layer.size > max_bundle_size)
        return input_error(where, "has a bundle of more than 1 MiB");
    return layer;
}

/// Takes the bundle's size from `left`.
Result<std::string> fetch_bundle(Store& store, const Reference& reference, const Descriptor& referrer,
                                 std::uint64_t& left) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference.at(referrer.digest)));
    ECC_TRY(auto layer, bundle_layer(manifest, referrer.digest));
    if (layer.size > left)
        return input_error(referrer.digest, beyond_the_first_bytes);
    left -= layer.size;
    ECC_TRY(auto bundle, fetch_layer(store, reference, layer, {}));
    return std::string(as_text(bundle));
}

/// Lists of some stores leave annotations out; then only the bundle says what it is.
bool may_be_of_type(const Descriptor& referrer, std::string_view predicate_type) {
    auto type = referrer.annotations.find(predicate_type_annotation);
    return referrer.artifact_type == bundle_media_type &&
           (type == referrer.annotations.end() || type->second == predicate_type);
}

} // namespace

std::unexpected<Error> only_the_first_were_seen(std::size_t signatures) {
    return input_error(
        "", fmt::format("of {} signatures the first {} were looked at", signatures, max_signatures));
}

Result<Descriptor> push_bundle(Store& store, const Reference& reference, const Descriptor& subject,
                               const PrivateKey& key, std::string_view predicate_type,
                               std::string_view predicate) {
    ECC_TRY(const std::string bundle, make_bundle(key, subject.digest, predicate_type, predicate));
    ECC_TRY(const auto epoch, source_date_epoch());
    Artifact artifact{.config = empty_blob(),
                      .layers = {make_blob(bundle_media_type, bundle)},
                      .annotations = {{content_annotation, "dsse-envelope"},
                                      {predicate_type_annotation, std::string(predicate_type)},
                                      {annotation::created, rfc3339(epoch.value_or(std::time(nullptr)))}},
                      .artifact_type = std::string(bundle_media_type),
                      .subject = as_subject(subject)};
    return push_artifact(store, reference.at(""), artifact, {});
}

Result<void> for_each_bundle(Store& store, const Reference& reference, const std::string& subject,
                             std::string_view predicate_type, const BundleVisitor& visit) {
    ECC_TRY(auto referrers, store.referrers(subject));
    std::erase_if(referrers, [&](const Descriptor& entry) { return !may_be_of_type(entry, predicate_type); });
    std::uint64_t left = max_bundles_size;
    for (const Descriptor& referrer : referrers | std::views::take(max_signatures)) {
        ECC_TRY(const bool more, visit(referrer.digest, fetch_bundle(store, reference, referrer, left)));
        if (!more)
            return {};
    }
    if (referrers.size() > max_signatures)
        ECC_CHECK(visit("", only_the_first_were_seen(referrers.size())));
    return {};
}

} // namespace ecc
