// What shows without a network who signed a package: the manifest that was signed and its signatures, in one
// file (docs/package-format.md, "Signatures in a file"). `ecc pull --bundle` writes it, `ecc-run --bundle`
// reads it.
#pragma once

#include "packager/package/signing_key.h"

#include <span>
#include <string_view>
#include <vector>

namespace ecc {

inline constexpr std::string_view signed_manifest_media_type = "application/vnd.ecc.signed-manifest.v1+json";
inline constexpr std::size_t max_signed_manifest_size = 16u << 20;
inline constexpr std::size_t max_signatures = 1000;

struct SignedManifest {
    /// Exact bytes. The first is what was signed. If it is an index, the second is an image manifest that it
    /// lists; the last one has the package as its only layer application/wasm.
    std::vector<std::string> manifests;
    std::vector<std::string> signatures; ///< Sigstore bundles (sigstore_bundle.h)
};

/// Adds the bundles, in their order, but for those that would make of the file one that is not read: too many
/// or too large together, no JSON, nested too deep, of too many parts.
void add_signatures(SignedManifest& manifest, std::span<const std::string> bundles);

std::string signed_manifest_to_json(const SignedManifest& manifest);

/// An input error if it is of another type, has no manifest or no signature, or too much of anything.
Result<SignedManifest> signed_manifest_from_json(std::string_view text, const std::string& where);

/// An input error if the manifests do not lead from the signed one to the package with this digest.
Result<void> check_leads_to(const SignedManifest& manifest, const std::string& package_digest,
                            const std::string& where);

/// An input error says why no signature shows that the owner of the key signed the first manifest.
Result<void> verify_signatures(const SignedManifest& manifest, const PublicKey& key,
                               const std::string& where);

} // namespace ecc
