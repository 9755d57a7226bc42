// A signature of an artifact's manifest, as cosign 3 stores it: a Sigstore bundle (protobuf-specs,
// sigstore_bundle.proto, v0.3) around a DSSE envelope (secure-systems-lab/dsse, protocol.md) around an
// in-toto statement (v1) whose subject is the manifest's digest. Needs no network and no registry.
#pragma once

#include "packager/package/signing_key.h"

#include <string_view>

namespace ecc {

inline constexpr std::string_view bundle_media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view signature_predicate = "https://sigstore.dev/cosign/sign/v1";
inline constexpr std::size_t max_bundle_size = 1u << 20;

/// JSON. `digest` is "sha256:…"; `predicate` is a JSON object of the type that `predicate_type` names. An
/// input error: it is none, has integers beyond 64 bits, could not be read back, or is too large for a
/// bundle.
Result<std::string> make_bundle(const PrivateKey& key, const std::string& digest,
                                std::string_view predicate_type = signature_predicate,
                                std::string_view predicate = "{}");

/// The predicate, JSON. An input error says why the bundle does not show that the owner of the key made a
/// statement of this type about the digest. Whatever is absent, malformed or of another kind is such a
/// reason.
Result<std::string> verify_bundle(std::string_view bundle, const PublicKey& key, const std::string& digest,
                                  std::string_view predicate_type = signature_predicate);

/// The same for the DSSE envelope alone, as cosign 1 and 2 store statements.
Result<std::string> verify_envelope(std::string_view text, const PublicKey& key, const std::string& digest,
                                    std::string_view predicate_type);

/// An input error if no key at all could verify it.
Result<void> check_bundle(std::string_view bundle, const std::string& digest,
                          std::string_view predicate_type = signature_predicate);

} // namespace ecc
