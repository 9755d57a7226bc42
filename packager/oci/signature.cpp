#include "packager/oci/signature.h"

#include "packager/oci/bundle_referrers.h"
#include "packager/oci/legacy_signature.h"
#include "packager/oci/transfer.h"
#include "packager/package/signed_manifest.h"

#include <fmt/ranges.h>
#include <ranges>
#include <set>

namespace ecc {
namespace {

constexpr std::uint64_t max_payload_size = 64u << 10; ///< cosign's have a quarter of a KiB

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
        return input_error(pinned, fmt::format("no signature is by this key: {}", fmt::join(reasons_, "; ")),
                           "check the key and the artifact");
    }

private:
    Result<void> verify_bundles() {
        const std::string& digest = verified_.manifest.digest;
        return for_each_bundle(store_, reference_, digest, signature_predicate,
                               [&](const std::string& carrier, const Result<std::string>& bundle) {
                                   note(SignatureKind::bundle, carrier, check_bundle(bundle));
                               });
    }

    Result<void> check_bundle(const Result<std::string>& bundle) const {
        ECC_CHECK(bundle);
        ECC_CHECK(verify_bundle(*bundle, key_, verified_.manifest.digest));
        return {};
    }

    void verify_legacy() {
        auto manifest = store_.get_manifest(legacy_signature_tag(verified_.manifest.digest));
        if (!manifest)
            return; // the usual case
        const std::string digest = manifest->descriptor().digest;
        auto image = image_manifest_from_json(manifest->text, manifest->media_type, digest);
        if (!image)
            return note(SignatureKind::legacy, digest, std::unexpected(image.error()));
        for (const Descriptor& layer : image->layers | std::views::take(max_signatures))
            note(SignatureKind::legacy, digest, check_legacy(layer));
        if (image->layers.size() > max_signatures)
            note(SignatureKind::legacy, digest, only_the_first_were_seen(image->layers.size()));
    }

    Result<void> check_legacy(const Descriptor& layer) {
        if (layer.media_type != simple_signing_media_type || layer.size > max_payload_size)
            return input_error("", "is no signature");
        if (layer.digest != payload_.first) {
            ECC_TRY(auto payload, fetch_layer(store_, reference_, layer, {}));
            payload_ = {layer.digest, std::move(payload)};
        }
        return verify_legacy_signature(layer, as_text(payload_.second), key_, verified_.manifest.digest);
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
    std::pair<std::string, Bytes> payload_; ///< the last one, by its digest: many signatures are of the same
    std::set<std::string> reasons_;
};

/// The manifest of a bundle by this key; of several, any.
Result<std::optional<Descriptor>> find_signature(Store& store, const Reference& reference,
                                                 const PublicKey& key, const std::string& digest) {
    std::string found;
    const auto look = [&](const std::string& carrier, const Result<std::string>& bundle) {
        if (bundle && verify_bundle(*bundle, key, digest))
            found = carrier;
    };
    ECC_CHECK(for_each_bundle(store, reference, digest, signature_predicate, look));
    if (found.empty())
        return std::nullopt;
    ECC_TRY(const auto manifest, fetch_manifest(store, reference.at(found)));
    return manifest.descriptor();
}

} // namespace

Result<Descriptor> sign(Store& store, const Reference& reference, const PrivateKey& key, SignatureKind kind) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    const Descriptor subject = manifest.descriptor();
    if (kind == SignatureKind::legacy)
        return sign_legacy(store, reference, key, subject.digest);
    ECC_TRY(auto existing, find_signature(store, reference, key.public_key(), subject.digest));
    if (existing)
        return std::move(*existing);
    return push_bundle(store, reference, subject, key, signature_predicate, "{}");
}

Result<Verified> verify(Store& store, const Reference& reference, const PublicKey& key) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    return Verification(store, reference, key, manifest.descriptor()).run();
}

} // namespace ecc
