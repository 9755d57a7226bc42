// Statements about an artifact beside it in its store: DSSE-signed in-toto statements in Sigstore bundles, as
// cosign 3 makes and checks them, or of the older kind (legacy_attestation.h).
#pragma once

#include "packager/oci/store.h"
#include "packager/package/signing_key.h"

namespace ecc {

struct VerifiedAttestation {
    std::string digest;    ///< of the manifest that carries it
    std::string predicate; ///< JSON
};

struct VerifiedAttestations {
    Descriptor manifest;                           ///< of what they are about
    std::vector<VerifiedAttestation> attestations; ///< by this key; at least one
};

/// All statements of this type by this key about what the reference names. An input error if there is none;
/// it says why for those that there are. An environment error if one could not be read: it may be the one
/// that matters.
Result<VerifiedAttestations> verify_attestations(Store& store, const Reference& reference,
                                                 const PublicKey& key, std::string_view predicate_type);

} // namespace ecc
