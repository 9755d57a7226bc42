#include "packager/oci/offline_signature.h"

#include "packager/oci/bundle_referrers.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace ecc {
namespace {

class Collection {
public:
    Collection(const std::string& digest, const std::optional<PublicKey>& key) : digest_(digest), key_(key) {}

    /// Takes a bundle that says it is about the digest; who signed it shows its place alone.
    Result<bool> add(const Result<std::string>& bundle) {
        if (!bundle && bundle.error().fault == Fault::environment)
            return std::unexpected(bundle.error());
        if (!bundle)
            left_out_.insert(bundle.error().what);
        else if (key_ && verify_bundle(*bundle, *key_, digest_))
            own_.push_back(*bundle);
        else if (check_bundle(*bundle, digest_))
            others_.push_back(*bundle);
        return true;
    }

    /// Those by the key before all others.
    std::vector<std::string> bundles() const {
        std::vector<std::string> all = own_;
        std::ranges::copy(others_, std::back_inserter(all));
        return all;
    }

    /// Why there may be more.
    const std::set<std::string>& left_out() const { return left_out_; }

private:
    const std::string& digest_;
    const std::optional<PublicKey>& key_;
    std::vector<std::string> own_, others_;
    std::set<std::string> left_out_;
};

void tell(const Notice& notice, const std::string& subject, const std::string& reason) {
    if (notice)
        notice(fmt::format("not all signatures of {} are taken along: {}", subject, reason));
}

} // namespace

Result<SignedManifest> fetch_signed_manifest(Store& store, const Reference& reference,
                                             const FoundArtifact& found, const std::optional<PublicKey>& key,
                                             const Notice& notice) {
    const Reference pinned = reference.at(found.named.digest);
    SignedManifest manifest;
    ECC_TRY(auto named, fetch_manifest(store, pinned));
    manifest.manifests.push_back(std::move(named.text));
    if (found.manifest.digest != found.named.digest) {
        ECC_TRY(auto listed, fetch_manifest(store, reference.at(found.manifest.digest)));
        manifest.manifests.push_back(std::move(listed.text));
    }
    Collection collection(found.named.digest, key);
    ECC_CHECK(for_each_bundle(
        store, reference, found.named.digest, signature_predicate,
        [&](const std::string&, const Result<std::string>& bundle) { return collection.add(bundle); }));
    for (const std::string& reason : collection.left_out())
        tell(notice, pinned.text(), reason);
    const auto bundles = collection.bundles();
    add_signatures(manifest, bundles);
    if (manifest.signatures.size() < bundles.size())
        tell(notice, pinned.text(),
             fmt::format("of {} ecc-run takes {}", bundles.size(), manifest.signatures.size()));
    if (manifest.signatures.empty())
        return input_error(pinned.text(), "has no signature that can be taken along",
                           "sign it with `ecc sign`, without --legacy, or with cosign 3");
    return manifest;
}

} // namespace ecc
