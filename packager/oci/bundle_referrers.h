// Sigstore bundles as artifacts that refer to what they are about, as cosign 3 stores them (cosign,
// specs/BUNDLE_SPEC.md): an empty config, the bundle as the only layer, its predicate type in an annotation.
#pragma once

#include "packager/oci/artifact.h"
#include "packager/package/sigstore_bundle.h"

namespace ecc {

inline constexpr const char* predicate_type_annotation = "dev.sigstore.bundle.predicateType";

inline constexpr std::uint64_t max_bundles_size = 64u << 20; ///< of all that are fetched for one question
inline constexpr const char* beyond_the_first_bytes = "those beyond the first 64 MiB were not looked at";

/// Makes a statement about the manifest and stores it; returns the manifest that carries it.
Result<Descriptor> push_bundle(Store& store, const Reference& reference, const Descriptor& subject,
                               const PrivateKey& key, std::string_view predicate_type,
                               std::string_view predicate);

/// Why a signature that is there may not have been found.
std::unexpected<Error> only_the_first_were_seen(std::size_t signatures);

/// Told the digest of the manifest that carries a bundle, and the bundle or why it could not be read. False
/// from it ends the visit, as its errors do.
using BundleVisitor =
    std::function<Result<bool>(const std::string& digest, const Result<std::string>& bundle)>;

/// The bundles that refer to `subject` without those that call themselves of another type; what they state is
/// not checked here. At most max_signatures are fetched and 64 MiB: the visitor is told so in place of
/// others. An error if the store does not tell which there are.
Result<void> for_each_bundle(Store& store, const Reference& reference, const std::string& subject,
                             std::string_view predicate_type, const BundleVisitor& visit);

} // namespace ecc
