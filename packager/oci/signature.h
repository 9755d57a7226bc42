// Signatures beside an artifact in its store, as cosign keeps them: a bundle that refers to the manifest
// (sigstore_bundle.h), or the older kind under the tag sha256-HEX.sig.
#pragma once

#include "packager/oci/artifact.h"
#include "packager/package/sigstore_bundle.h"

namespace ecc {

enum class SignatureKind { bundle, legacy };

/// Signs the manifest that the reference names and stores the signature, unless there is one of this kind by
/// this key; returns the signature's manifest.
Result<Descriptor> sign(Store& store, const Reference& reference, const PrivateKey& key, SignatureKind kind);

struct VerifiedSignature {
    SignatureKind kind;
    std::string digest; ///< of the manifest that carries it
};

struct Verified {
    Descriptor manifest; ///< of what is signed; everything further must go by this digest
    std::vector<VerifiedSignature> signatures; ///< by this key; at least one
};

enum class Wanted : std::uint8_t { one_signature, all_signatures };

/// Signatures of the manifest by this key. An input error if there is none; it says why for those that there
/// are. An environment error if one could not be read, unless those that could be are enough.
Result<Verified> verify(Store& store, const Reference& reference, const PublicKey& key, Wanted wanted);

} // namespace ecc
