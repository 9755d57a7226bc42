#include "packager/oci/signature.h"

#include "packager/oci/bundle_referrers.h"
#include "packager/oci/legacy_signature.h"
#include "packager/oci/transfer.h"
#include "packager/package/signed_manifest.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <set>

namespace ecc {
namespace {

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
        return push_bundle(store, reference, manifest.descriptor(), key, signature_predicate, "{}");
    return sign_legacy(store, reference, key, manifest.descriptor().digest);
}

Result<Verified> verify(Store& store, const Reference& reference, const PublicKey& key) {
    ECC_TRY(auto manifest, fetch_manifest(store, reference));
    return Verification(store, reference, key, manifest.descriptor()).run();
}

} // namespace ecc
