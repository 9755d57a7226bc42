#include "packager/oci/cosign_key.h"

#include "packager/json.h"
#include "support/base64.h"

#include <algorithm>
#include <array>
#include <bit>
#include <sodium.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::uint64_t max_cost = 1u << 20; ///< cosign's is 2^16; more is a gigabyte of memory
constexpr std::uint32_t max_factor = 16;
constexpr std::string_view begins[] = {"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----",
                                       "-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----"};

/// The lines between the PEM's armour, as bytes.
std::optional<Bytes> armoured(std::string_view pem, std::string_view begin) {
    const auto start = pem.find(begin);
    if (start == pem.npos)
        return std::nullopt;
    pem.remove_prefix(start + begin.size());
    std::string digits;
    for (char c : pem.substr(0, pem.find('-')))
        if (c != '\n' && c != '\r' && c != ' ')
            digits += c;
    return from_base64(digits);
}

struct EncryptedKey {
    std::uint64_t cost = 0;
    std::uint32_t block = 0, parallel = 0;
    Bytes salt, nonce, ciphertext;
};

Bytes bytes_at(const json& object, const char* name) {
    return from_base64(object.is_object() ? string_at(object, name) : "").value_or(Bytes{});
}

std::uint64_t number_at(const json& object, const char* name) {
    auto found = object.find(name);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Result<EncryptedKey> parse_encrypted(const Bytes& text, const std::string& where) {
    const json document = parse_json(as_text(text));
    const json kdf = document.is_object() ? document.value("kdf", json::object()) : json::object();
    const json cipher = document.is_object() ? document.value("cipher", json::object()) : json::object();
    const json params = kdf.is_object() ? kdf.value("params", json::object()) : json::object();
    if (!params.is_object() || !cipher.is_object() || string_at(kdf, "name") != "scrypt" ||
        string_at(cipher, "name") != "nacl/secretbox")
        return input_error(where, "is not encrypted as cosign does it (scrypt and nacl/secretbox)");
    const std::uint64_t cost = number_at(params, "N");
    const std::uint64_t block = number_at(params, "r"), parallel = number_at(params, "p");
    EncryptedKey key{.cost = cost,
                     .block = static_cast<std::uint32_t>(std::min<std::uint64_t>(block, max_factor + 1)),
                     .parallel =
                         static_cast<std::uint32_t>(std::min<std::uint64_t>(parallel, max_factor + 1)),
                     .salt = bytes_at(kdf, "salt"),
                     .nonce = bytes_at(cipher, "nonce"),
                     .ciphertext = bytes_at(document, "ciphertext")};
    const bool affordable = cost >= 2 && cost <= max_cost && std::has_single_bit(cost) && key.block >= 1 &&
                            key.block <= max_factor && key.parallel >= 1 && key.parallel <= max_factor;
    if (!affordable || key.salt.empty() || key.nonce.size() != crypto_secretbox_NONCEBYTES ||
        key.ciphertext.size() <= crypto_secretbox_MACBYTES)
        return input_error(where, "is encrypted with parameters that are absent or out of bounds");
    return key;
}

Result<PrivateKey> decrypt(const EncryptedKey& key, const std::string& password, const std::string& where) {
    std::array<unsigned char, crypto_secretbox_KEYBYTES> secret{};
    const auto* characters = reinterpret_cast<const std::uint8_t*>(password.data());
    if (sodium_init() < 0 || crypto_pwhash_scryptsalsa208sha256_ll(
                                 characters, password.size(), key.salt.data(), key.salt.size(), key.cost,
                                 key.block, key.parallel, secret.data(), secret.size()) != 0)
        return environment_error(where, "there is not enough memory to derive the key");
    Bytes der(key.ciphertext.size() - crypto_secretbox_MACBYTES);
    const bool opened = crypto_secretbox_open_easy(der.data(), key.ciphertext.data(), key.ciphertext.size(),
                                                   key.nonce.data(), secret.data()) == 0;
    sodium_memzero(secret.data(), secret.size());
    if (!opened)
        return input_error(where, "the password is wrong, or the file is damaged",
                           "let COSIGN_PASSWORD hold the password");
    auto parsed = PrivateKey::parse_der(der, where);
    sodium_memzero(der.data(), der.size());
    return parsed;
}

} // namespace

Result<PrivateKey> read_private_key(std::string_view pem, const std::string& where,
                                    const std::function<Result<std::string>()>& password) {
    for (std::string_view begin : begins)
        if (auto text = armoured(pem, begin)) {
            ECC_TRY(auto encrypted, parse_encrypted(*text, where));
            ECC_TRY(auto known, password());
            return decrypt(encrypted, known, where);
        }
    return PrivateKey::parse(pem, where);
}

} // namespace ecc
