#include "packager/oci/attestation.h"

#include "packager/oci/bundle_referrers.h"
#include "packager/oci/legacy_attestation.h"
#include "packager/oci/transfer.h"

#include <fmt/ranges.h>
#include <set>

namespace ecc {

Result<VerifiedAttestations> verify_attestations(Store& store, const Reference& reference,
                                                 const PublicKey& key, std::string_view predicate_type) {
    ECC_TRY(const auto manifest, fetch_manifest(store, reference));
    VerifiedAttestations verified{.manifest = manifest.descriptor()};
    std::set<std::string> reasons;
    const std::string& digest = verified.manifest.digest;
    const auto note = [&](const std::string& carrier, Result<std::string> predicate) -> Result<bool> {
        if (predicate)
            verified.attestations.push_back({carrier, std::move(*predicate)});
        else if (predicate.error().fault == Fault::environment)
            return std::unexpected(std::move(predicate.error()));
        else
            reasons.insert(predicate.error().what);
        return true;
    };
    const auto check = [&](const std::string& carrier, const Result<std::string>& bundle) {
        return note(carrier, bundle ? verify_bundle(*bundle, key, digest, predicate_type) : bundle);
    };
    const auto check_legacy = [&](const std::string& carrier, const Result<std::string>& envelope) {
        return note(carrier, envelope ? verify_envelope(*envelope, key, digest, predicate_type) : envelope);
    };
    ECC_CHECK(for_each_bundle(store, reference, digest, predicate_type, check));
    ECC_CHECK(for_each_legacy_attestation(store, reference, digest, predicate_type, check_legacy));
    if (!verified.attestations.empty())
        return verified;
    const std::string pinned = reference.at(verified.manifest.digest).text();
    if (reasons.empty())
        return input_error(pinned, fmt::format("has no attestation of type {}", predicate_type),
                           "`ecc discover` shows what there is");
    return input_error(
        pinned,
        fmt::format("no attestation of type {} is by this key: {}", predicate_type, fmt::join(reasons, "; ")),
        "check the key and the artifact");
}

} // namespace ecc
