// Sigstore bundles as artifacts that refer to what they are about, as cosign 3 stores them (cosign,
// specs/BUNDLE_SPEC.md): an empty config, the bundle as the only layer, its predicate type in an annotation.
#pragma once

#include "packager/oci/artifact.h"
#include "packager/package/sigstore_bundle.h"

namespace ecc {

inline constexpr const char* predicate_type_annotation = "dev.sigstore.bundle.predicateType";

/// Makes a statement about the manifest and stores it; returns the manifest that carries it.
Result<Descriptor> push_bundle(Store& store, const Reference& reference, const Descriptor& subject,
                               const PrivateKey& key, std::string_view predicate_type,
                               std::string_view predicate);

/// Told the digest of the manifest that carries a bundle, and the bundle or why it could not be read.
using BundleVisitor = std::function<void(const std::string& digest, const Result<std::string>& bundle)>;

/// The bundles that refer to `subject`, at most 100, without those that call themselves of another type. What
/// they state is not checked here.
Result<void> for_each_bundle(Store& store, const Reference& reference, const std::string& subject,
                             std::string_view predicate_type, const BundleVisitor& visit);

} // namespace ecc
