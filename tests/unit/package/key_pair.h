// Keys for tests of signatures, made by OpenSSL as a user's are.
#pragma once

#include "packager/package/signing_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace ecc::samples {

inline std::string pem_of(EVP_PKEY* key, bool secret) {
    BIO* bio = BIO_new(BIO_s_mem());
    secret ? PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr)
           : PEM_write_bio_PUBKEY(bio, key);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio, &text);
    std::string pem(text, static_cast<std::size_t>(length));
    BIO_free(bio);
    return pem;
}

/// A new key each time, for the kinds that OpenSSL names.
struct Pair {
    template <class... Parameters> explicit Pair(const char* kind, Parameters... parameters) {
        EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, kind, parameters...);
        secret = pem_of(key, true);
        open = pem_of(key, false);
        EVP_PKEY_free(key);
    }
    PrivateKey private_key() const { return PrivateKey::parse(secret, "key.pem").value(); }
    PublicKey public_key() const { return PublicKey::parse(open, "key.pub").value(); }
    std::string secret, open;
};

} // namespace ecc::samples
