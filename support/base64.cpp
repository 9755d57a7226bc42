#include "support/base64.h"

#include <algorithm>
#include <limits>
#include <openssl/evp.h>

namespace ecc {
namespace {

bool is_base64_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

} // namespace

std::string to_base64(ByteView bytes) {
    std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), bytes.data(),
                                       static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

std::optional<Bytes> from_base64(std::string_view text) {
    const std::size_t digits = std::min(text.find('='), text.size());
    const std::size_t padding = text.size() - digits;
    if (text.size() % 4 != 0 || padding > 2 || text.size() > std::numeric_limits<int>::max() ||
        text.substr(digits).find_first_not_of('=') != text.npos ||
        !std::ranges::all_of(text.substr(0, digits), is_base64_digit))
        return std::nullopt;
    Bytes bytes(text.size() / 4 * 3);
    if (!text.empty() && EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size())) < 0)
        return std::nullopt;
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace ecc
