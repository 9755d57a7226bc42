#include "packager/oci/offline_signature.h"

#include "packager/oci/bundle_referrers.h"

namespace ecc {

Result<SignedManifest> fetch_signed_manifest(Store& store, const Reference& reference,
                                             const FoundArtifact& found) {
    const Reference pinned = reference.at(found.named.digest);
    SignedManifest manifest;
    ECC_TRY(auto named, fetch_manifest(store, pinned));
    manifest.manifests.push_back(std::move(named.text));
    if (found.manifest.digest != found.named.digest) {
        ECC_TRY(auto listed, fetch_manifest(store, reference.at(found.manifest.digest)));
        manifest.manifests.push_back(std::move(listed.text));
    }
    auto keep = [&](const std::string&, const Result<std::string>& bundle) {
        if (bundle)
            manifest.signatures.push_back(*bundle);
    };
    ECC_CHECK(for_each_bundle(store, reference, found.named.digest, signature_predicate, keep));
    if (manifest.signatures.empty())
        return input_error(pinned.text(), "has no signature that can be taken along",
                           "sign it with `ecc sign`, without --legacy, or with cosign 3");
    return manifest;
}

} // namespace ecc
