#include "support/digest.h"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace ecc {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Sha256::finish() {
    std::array<unsigned char, 32> hash{};
    EVP_DigestFinal_ex(state_->context, hash.data(), nullptr);
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
