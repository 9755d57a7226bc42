#include "packager/oci/signature.h"

#include "packager/json.h"
#include "packager/oci/image_config.h"
#include "packager/oci/legacy_signature.h"
#include "packager/oci/referrers.h"
#include "packager/oci/source_date.h"
#include "packager/oci/transfer.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_signatures = 100;

Reference untagged(const Reference& reference) {
    return reference.at("");
}

Result<Descriptor> sign_with_bundle(Store& store, const Reference& reference, const PrivateKey& key,
                                    const Descriptor& manifest) {
    ECC_TRY(const std::string bundle, make_bundle(key, manifest.digest));
    ECC_TRY(const auto epoch, source_date_epoch());
    Artifact artifact{.config = empty_blob(),
                      .layers = {make_blob(bundle_media_type, bundle)},
                      .annotations = {{"dev.sigstore.bundle.content", "dsse-envelope"},
                                      {"dev.sigstore.bundle.predicateType", std::string(signature_predicate)},
                                      {annotation::created, rfc3339(epoch.value_or(std::time(nullptr)))}},
                      .artifact_type = std::string(bundle_media_type),
                      .subject = as_subject(manifest)};
    return push_artifact(store, untagged(reference), artifact, {});
}

/// The one bundle of a signature's manifest.
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

class Verification {
public:
    Verification(Store& store, const Reference& reference, const PublicKey& key, const Descriptor& manifest)
        : store_(store), reference_(reference), key_(key), verified_{.manifest = manifest} {}

    Result<Verified> run() {
        ECC_CHECK(verify_bundles());
        verify_legacy();
        if (!verified_.signatures.empty())
            return std::move(verified_);
        const std::string pinned = reference_.at(verified_.manifest.digest).text();
        if (reasons_.empty())
            return input_error(pinned, "is not signed", "sign it with `ecc sign` or `cosign sign`");
        std::string list;
        for (const std::string& reason : reasons_)
            list += (list.empty() ? "" : "; ") + reason;
        return input_error(pinned, "no signature is by this key: " + list, "check the key and the artifact");
    }

private:
    Result<void> verify_bundles() {
        ECC_TRY(auto referrers, store_.referrers(verified_.manifest.digest));
        std::size_t looked_at = 0;
        for (const Descriptor& referrer : referrers) {
            if (referrer.artifact_type != bundle_media_type || ++looked_at > max_signatures)
                continue;
            note(SignatureKind::bundle, referrer.digest, check_bundle(referrer));
        }
        return {};
    }

    Result<void> check_bundle(const Descriptor& referrer) {
        ECC_TRY(auto manifest, fetch_manifest(store_, reference_.at(referrer.digest)));
        ECC_TRY(auto layer, bundle_layer(manifest, referrer.digest));
        ECC_TRY(auto bundle, fetch_layer(store_, reference_, layer, {}));
        return verify_bundle(as_text(bundle), key_, verified_.manifest.digest);
    }

    void verify_legacy() {
        auto manifest = store_.get_manifest(legacy_signature_tag(verified_.manifest.digest));
        if (!manifest)
            return; // the usual case
        const std::string digest = manifest->descriptor().digest;
        auto image = image_manifest_from_json(manifest->text, manifest->media_type, digest);
        if (!image)
            return note(SignatureKind::legacy, digest, std::unexpected(image.error()));
        image->layers.resize(std::min(image->layers.size(), max_signatures));
        for (const Descriptor& layer : image->layers)
            note(SignatureKind::legacy, digest, check_legacy(layer));
    }

    Result<void> check_legacy(const Descriptor& layer) {
        if (layer.media_type != simple_signing_media_type || layer.size > max_bundle_size)
            return input_error("", "is no signature");
        ECC_TRY(auto payload, fetch_layer(store_, reference_, layer, {}));
        return verify_legacy_signature(layer, as_text(payload), key_, verified_.manifest.digest);
    }

    void note(SignatureKind kind, const std::string& digest, const Result<void>& checked) {
        if (checked)
            verified_.signatures.push_back({kind, digest});
        else
            reasons_.insert(checked.error().what);
    }

    Store& store_;
    const Reference& reference_;
    const PublicKey& key_;
    Verified verified_;
    std::set<std::string> reasons_;
};

} // namespace

Result<Descriptor> sign(Store& store, const Reference& reference, const PrivateKey& key, SignatureKind kind) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    if (kind == SignatureKind::bundle)
        return sign_with_bundle(store, reference, key, manifest.descriptor());
    return sign_legacy(store, reference, key, manifest.descriptor().digest);
}

Result<Verified> verify(Store& store, const Reference& reference, const PublicKey& key) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    return Verification(store, reference, key, manifest.descriptor()).run();
}

} // namespace ecc
