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
    Verification(Store& store, const Reference& reference, const PublicKey& key, const Descriptor& manifest,
                 Wanted wanted)
        : store_(store), reference_(reference), key_(key), wanted_(wanted), verified_{.manifest = manifest} {}

    Result<Verified> run() {
        ECC_CHECK(verify_bundles());
        if (!is_enough())
            ECC_CHECK(verify_legacy());
        if (failure_ && !is_enough())
            return std::unexpected(std::move(*failure_));
        if (!verified_.signatures.empty())
            return std::move(verified_);
        const std::string pinned = reference_.at(verified_.manifest.digest).text();
        if (reasons_.empty())
            return input_error(pinned, "is not signed", "sign it with `ecc sign` or `cosign sign`");
        return input_error(pinned, fmt::format("no signature is by this key: {}", fmt::join(reasons_, "; ")),
                           "check the key and the artifact");
    }

private:
    bool is_enough() const { return wanted_ == Wanted::one_signature && !verified_.signatures.empty(); }

    Result<void> verify_bundles() {
        const std::string& digest = verified_.manifest.digest;
        return for_each_bundle(store_, reference_, digest, signature_predicate,
                               [&](const std::string& carrier, const Result<std::string>& bundle) {
                                   return note(SignatureKind::bundle, carrier, check_bundle(bundle));
                               });
    }

    Result<void> check_bundle(const Result<std::string>& bundle) const {
        ECC_CHECK(bundle);
        ECC_CHECK(verify_bundle(*bundle, key_, verified_.manifest.digest));
        return {};
    }

    Result<void> verify_legacy() {
        const std::string tag = legacy_signature_tag(verified_.manifest.digest);
        ECC_TRY(const auto manifest, find_manifest(store_, reference_.tagged(tag)));
        if (!manifest)
            return {};
        const std::string digest = manifest->descriptor().digest;
        auto image = image_manifest_from_json(manifest->text, manifest->media_type, digest);
        if (!image) {
            note(SignatureKind::legacy, digest, std::unexpected(image.error()));
            return {};
        }
        for (const Descriptor& layer : image->layers | std::views::take(max_signatures))
            if (!note(SignatureKind::legacy, digest, check_legacy(layer)))
                return {};
        if (image->layers.size() > max_signatures)
            note(SignatureKind::legacy, digest, only_the_first_were_seen(image->layers.size()));
        return {};
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

    /// Whether more are wanted.
    bool note(SignatureKind kind, const std::string& digest, const Result<void>& checked) {
        if (checked)
            verified_.signatures.push_back({kind, digest});
        else if (checked.error().fault == Fault::environment)
            failure_ = checked.error();
        else
            reasons_.insert(checked.error().what);
        return !is_enough();
    }

    Store& store_;
    const Reference& reference_;
    const PublicKey& key_;
    const Wanted wanted_;
    Verified verified_;
    std::pair<std::string, Bytes> payload_; ///< the last one, by its digest: many signatures are of the same
    std::set<std::string> reasons_;
    std::optional<Error> failure_; ///< to read one
};

/// The manifest of a bundle by this key; of several, any.
Result<std::optional<Descriptor>> find_signature(Store& store, const Reference& reference,
                                                 const PublicKey& key, const std::string& digest) {
    std::string found;
    const auto look = [&](const std::string& carrier, const Result<std::string>& bundle) {
        if (bundle && verify_bundle(*bundle, key, digest))
            found = carrier;
        return found.empty();
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

Result<Verified> verify(Store& store, const Reference& reference, const PublicKey& key, Wanted wanted) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    return Verification(store, reference, key, manifest.descriptor(), wanted).run();
}

} // namespace ecc
