// OpenSSL's interface of 1.1: the one of 3.0 reads its configuration and starts its providers first, which takes
// longer than hashing a package does.
#define OPENSSL_API_COMPAT 10100

#include "support/digest.h"

#include <algorithm>
#include <array>
#include <openssl/sha.h>

namespace ecc {

struct Sha256::State {
    SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    SHA256_Init(&state_->context);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
    SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

std::string Sha256::finish() {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256_Final(hash.data(), &state_->context);
    std::string text = "sha256:";
    for (unsigned char b : hash) {
        text += "0123456789abcdef"[b >> 4];
        text += "0123456789abcdef"[b & 15];
    }
    return text;
}

std::string sha256_digest(ByteView bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

bool is_sha256_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    return text.size() == prefix.size() + 64 && text.starts_with(prefix) &&
           std::ranges::all_of(text.substr(prefix.size()),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace ecc
