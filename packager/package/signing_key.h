// Keys that sign and verify: PKCS#8 and SPKI in PEM (RFC 5958, RFC 5480, RFC 7468), as `openssl genpkey` and
// `cosign generate-key-pair` write them. ECDSA on P-256 and RSA of 2048 bits and more, both with SHA-256, and
// Ed25519; others are refused, because the clients that we share signatures with disagree about their
// digests.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <memory>
#include <string>

struct evp_pkey_st;

namespace ecc {

class PublicKey {
public:
    /// An input error if the PEM holds no public key of these kinds. `where` names the file.
    static Result<PublicKey> parse(std::string_view pem, const std::string& where);

    /// True if `signature` was made of exactly these bytes with the private half.
    bool verifies(ByteView message, ByteView signature) const;

    /// SPKI in PEM, which `parse` takes.
    std::string pem() const;

    /// Base64 of the SHA-256 of the key's SPKI DER: how Sigstore bundles name a key.
    std::string hint() const;

private:
    friend class PrivateKey;
    explicit PublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
    std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
public:
    /// Of unencrypted PKCS#8 in PEM.
    static Result<PrivateKey> parse(std::string_view pem, const std::string& where);
    /// Of PKCS#8 in DER, as it comes out of an encrypted file.
    static Result<PrivateKey> parse_der(ByteView der, const std::string& where);

    /// ECDSA in DER, RSA PKCS #1 v1.5, or Ed25519.
    Result<Bytes> sign(ByteView message) const;
    PublicKey public_key() const { return PublicKey(key_); }

private:
    explicit PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace ecc
