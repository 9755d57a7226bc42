#include "packager/oci/offline_signature.h"

#include "packager/oci/bundle_referrers.h"

#include <algorithm>
#include <iterator>

namespace ecc {
namespace {

/// Those that anyone may have signed, and that this key did before all others.
Result<std::vector<std::string>> bundles_about(Store& store, const Reference& reference,
                                               const std::string& digest,
                                               const std::optional<PublicKey>& key) {
    std::vector<std::string> own, others;
    const auto keep = [&](const std::string&, const Result<std::string>& bundle) {
        if (bundle && key && verify_bundle(*bundle, *key, digest))
            own.push_back(*bundle);
        else if (bundle && check_bundle(*bundle, digest))
            others.push_back(*bundle);
    };
    ECC_CHECK(for_each_bundle(store, reference, digest, signature_predicate, keep));
    std::ranges::move(others, std::back_inserter(own));
    return own;
}

} // namespace

Result<SignedManifest> fetch_signed_manifest(Store& store, const Reference& reference,
                                             const FoundArtifact& found,
                                             const std::optional<PublicKey>& key) {
    const Reference pinned = reference.at(found.named.digest);
    SignedManifest manifest;
    ECC_TRY(auto named, fetch_manifest(store, pinned));
    manifest.manifests.push_back(std::move(named.text));
    if (found.manifest.digest != found.named.digest) {
        ECC_TRY(auto listed, fetch_manifest(store, reference.at(found.manifest.digest)));
        manifest.manifests.push_back(std::move(listed.text));
    }
    ECC_TRY(const auto bundles, bundles_about(store, reference, found.named.digest, key));
    add_signatures(manifest, bundles);
    if (manifest.signatures.empty())
        return input_error(pinned.text(), "has no signature that can be taken along",
                           "sign it with `ecc sign`, without --legacy, or with cosign 3");
    return manifest;
}

} // namespace ecc
