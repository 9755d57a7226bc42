#include "packager/package/signing_key.h"

#include "support/base64.h"

#include <algorithm>
#include <array>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <span>

namespace ecc {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr int min_rsa_bits = 2048;

Key own(EVP_PKEY* key) {
    return {key, EVP_PKEY_free};
}

Bio reader(ByteView bytes) {
    return {BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())), BIO_free};
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 64> group{};
    std::size_t length = 0;
    return EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

bool is_known(EVP_PKEY* key) {
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
        return is_p256(key);
    case EVP_PKEY_RSA:
        return EVP_PKEY_get_bits(key) >= min_rsa_bits;
    case EVP_PKEY_ED25519:
        return true;
    default:
        return false;
    }
}

/// What to do about a file that is another one than asked for, by what stands in its armour; the first
/// counts.
struct Mistake {
    std::string_view armour;
    const char* hint;
};

constexpr Mistake not_public[] = {
    {"BEGIN ENCRYPTED SIGSTORE PRIVATE KEY", "`cosign public-key --key PRIVATE.key` prints the public key"},
    {"BEGIN ENCRYPTED COSIGN PRIVATE KEY", "`cosign public-key --key PRIVATE.key` prints the public key"},
    {"PRIVATE KEY-----", "`openssl pkey -in PRIVATE.pem -pubout -out PUBLIC.pem` writes the public key"},
    {"BEGIN CERTIFICATE", "`openssl x509 -in CERTIFICATE.pem -pubkey -noout` prints the public key"},
};

constexpr const char* decrypt =
    "`openssl pkcs8 -topk8 -nocrypt -in ENCRYPTED.pem -out KEY.pem` takes the password "
    "off; of encrypted keys, ecc reads cosign's";
constexpr Mistake not_private[] = {
    {"BEGIN ENCRYPTED PRIVATE KEY", decrypt},
    {"Proc-Type: 4,ENCRYPTED", decrypt},
    {"BEGIN PUBLIC KEY", "this is the public key; sign with the private one"},
};

const char* hint_for(std::string_view pem, std::span<const Mistake> mistakes) {
    const auto made = std::ranges::find_if(
        mistakes, [&](const Mistake& mistake) { return pem.find(mistake.armour) != pem.npos; });
    return made == mistakes.end() ? "" : made->hint;
}

Result<Key> checked(Key key, const std::string& where, const char* expected, const char* hint = "") {
    if (!key)
        return input_error(where, std::string("is not a ") + expected + " in PEM", hint);
    if (!is_known(key.get()))
        return input_error(where, "is a key of a kind that ecc does not use",
                           "use ECDSA on P-256, Ed25519, or RSA of at least 2048 bits");
    return key;
}

/// Ed25519 hashes by itself.
const EVP_MD* digest_for(EVP_PKEY* key) {
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

/// No terminal is asked for the password of an encrypted file.
int no_password(char*, int, int, void*) {
    return -1;
}

} // namespace

Result<PublicKey> PublicKey::parse(std::string_view pem, const std::string& where) {
    Bio bio = reader(as_bytes(pem));
    ECC_TRY(Key key, checked(own(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr)), where,
                             "public key (SPKI)", hint_for(pem, not_public)));
    return PublicKey(std::move(key));
}

bool PublicKey::verifies(ByteView message, ByteView signature) const {
    Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, digest_for(key_.get()), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
}

std::string PublicKey::pem() const {
    Bio bio(BIO_new(BIO_s_mem()), BIO_free);
    char* text = nullptr;
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1)
        return "";
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string PublicKey::hint() const {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key_.get(), &der);
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> hash{};
    if (length > 0)
        SHA256(der, static_cast<std::size_t>(length), hash.data());
    OPENSSL_free(der);
    return to_base64(hash);
}

Result<PrivateKey> PrivateKey::parse(std::string_view pem, const std::string& where) {
    Bio bio = reader(as_bytes(pem));
    ECC_TRY(Key key, checked(own(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)), where,
                             "private key (PKCS#8) without a password", hint_for(pem, not_private)));
    return PrivateKey(std::move(key));
}

Result<PrivateKey> PrivateKey::parse_der(ByteView der, const std::string& where) {
    const unsigned char* begin = der.data();
    ECC_TRY(Key key, checked(own(d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(der.size()))), where,
                             "private key (PKCS#8)"));
    return PrivateKey(std::move(key));
}

Result<Bytes> PrivateKey::sign(ByteView message) const {
    Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t length = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, digest_for(key_.get()), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &length, message.data(), message.size()) != 1)
        return environment_error("", "OpenSSL cannot sign with this key");
    Bytes signature(length);
    if (EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) != 1)
        return environment_error("", "OpenSSL cannot sign with this key");
    signature.resize(length);
    return signature;
}

} // namespace ecc
