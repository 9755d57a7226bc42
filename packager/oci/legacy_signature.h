// Signatures as cosign 1 and 2 store them (cosign, SIGNATURE_SPEC.md): an image under the tag sha256-HEX.sig
// with a layer for each signature, the signed payload ("simple signing"), and the signature in the layer's
// annotation.
#pragma once

#include "packager/oci/artifact.h"
#include "packager/package/signing_key.h"

namespace ecc {

inline constexpr std::string_view simple_signing_media_type =
    "application/vnd.dev.cosign.simplesigning.v1+json";

/// "sha256-HEX.sig"
std::string legacy_signature_tag(const std::string& digest);

/// Adds a signature to those that are there, unless one of them is by this key and of the same payload.
Result<Descriptor> sign_legacy(Store& store, const Reference& reference, const PrivateKey& key,
                               const std::string& digest);

/// An input error says why it does not show that the owner of the key signed the digest.
Result<void> verify_legacy_signature(const Descriptor& layer, std::string_view payload, const PublicKey& key,
                                     const std::string& digest);

} // namespace ecc
